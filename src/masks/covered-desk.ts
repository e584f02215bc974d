import { hasMasks, type MaskRules } from '../shared/mask-rules';
import { clipTo, intersect, isEmpty, subtractAll, unite, uniteHoles, type Area } from './areas';
import type { Desk, DeskWindow } from './ports';
import { matchesRule, type WindowNames } from './rule-matching';

/** Why a window is covered: a rule of `masks` by its index, since `maskExcept` does not name it, or since nothing is known of it. */
export type CoverReason = number | 'notExcepted' | 'unknown';

export interface CoveredDesk {
  readonly areas: readonly Area[];
  /** Of what is covered and would be seen. */
  readonly reasons: ReadonlySet<CoverReason>;
}

type Rules = Pick<MaskRules, 'masks' | 'maskExcept'>;

/** What has to be covered on the displays, and why. Pure. */
export function coverDesk({ displays, windows }: Desk, rules: Rules): CoveredDesk {
  if (!hasMasks(rules)) return { areas: [], reasons: new Set() };
  const reasonsOf = reasonsByWindow(windows, rules);
  const reasons = new Set<CoverReason>();
  const covered: Area[] = [];
  let hidden: readonly Area[] = [];
  let shown: readonly Area[] = [];
  for (const window of windows) {
    const reason = reasonsOf.get(window.id);
    const visible = clipTo(displays, subtractAll([window.area], hidden));
    if (reason !== undefined && visible.length > 0) {
      covered.push(...visible);
      reasons.add(reason);
    } else if (rules.maskExcept.length > 0 && reason === undefined) {
      shown = uniteHoles(shown, subtractAll(opaqueOf(window), covered));
    }
    hidden = uniteHoles(hidden, opaqueOf(window));
  }
  if (rules.maskExcept.length === 0) return { areas: unite(covered), reasons };
  const rest = clipTo(displays, subtractAll(displays, shown));
  return { areas: unite(covered, rest), reasons: rest.length > 0 ? reasons.add('notExcepted') : reasons };
}

function opaqueOf({ area, opaque }: DeskWindow): readonly Area[] {
  return opaque.map((part) => intersect(part, area)).filter((part) => !isEmpty(part));
}

/** Why each window is covered; those that are not are not in it. */
export function reasonsByWindow(windows: readonly DeskWindow[], rules: Rules): ReadonlyMap<number, CoverReason> {
  const byId = new Map(windows.map((window) => [window.id, window]));
  const found = new Map<number, CoverReason>();
  for (const window of windows) {
    const reason = reasonFor(window, byId, rules);
    if (reason !== undefined) found.set(window.id, reason);
  }
  return found;
}

function reasonFor(window: DeskWindow, byId: ReadonlyMap<number, DeskWindow>, rules: Rules): CoverReason | undefined {
  const family = familyOf(window, byId);
  if (family.some(({ isUnknown }) => isUnknown)) return 'unknown';
  const names = family.flatMap((member): readonly WindowNames[] => [member, ...(member.hiddenOwners ?? [])]);
  const rule = rules.masks.findIndex((mask) => names.some((member) => matchesRule(mask, member)));
  if (rule >= 0) return rule;
  if (rules.maskExcept.length === 0) return undefined;
  const isExcepted = names.some((member) => rules.maskExcept.some((except) => matchesRule(except, member)));
  return isExcepted ? undefined : 'notExcepted';
}

/** The window and all that it belongs to, each once. */
function familyOf(window: DeskWindow, byId: ReadonlyMap<number, DeskWindow>): readonly DeskWindow[] {
  const family = new Set([window]);
  for (const member of family) {
    for (const owner of member.owners) {
      const found = byId.get(owner);
      if (found !== undefined) family.add(found);
    }
  }
  return [...family];
}
