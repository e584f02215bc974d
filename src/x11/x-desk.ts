import type { Area } from '../masks/areas';
import { contains } from '../masks/areas';
import type { Desk, DeskWindow } from '../masks/ports';
import type { XMonitor } from './x-monitors';
import type { XWindowIdentity } from './x-window-identity';
import type { StackedWindow } from './x-window-stack';

export interface XDeskParts {
  /** The uppermost last. */
  readonly windows: readonly StackedWindow[];
  readonly identityOf: (id: number) => XWindowIdentity;
  readonly monitors: readonly XMonitor[];
  /** The bits of a window's id that do not tell whose it is. */
  readonly resourceIdMask: number;
}

interface Shown {
  readonly window: StackedWindow;
  readonly identity: XWindowIdentity;
}

/** An X server's windows as a `Desk`. Pure. */
export function toDesk({ windows, identityOf, monitors, resourceIdMask }: XDeskParts): Desk {
  const primary = monitors.find(({ isPrimary }) => isPrimary) ?? monitors[0];
  const { x = 0, y = 0 } = primary?.geometry ?? {};
  const moved = (area: Area): Area => ({ ...area, x: area.x - x, y: area.y - y });
  const displays = monitors.map(({ geometry }) => geometry);
  const shown = windows
    .filter(({ isMapped }) => isMapped)
    .map((window): Shown => ({ window, identity: identityOf(window.id) }))
    .filter(({ identity }) => !identity.isInputOnly)
    .reverse();
  return {
    displays: displays.map(moved),
    windows: shown.map(({ window, identity }): DeskWindow => ({
      id: window.id,
      area: moved(outer(window)),
      opaque: opaqueAreas({ window, identity }, displays).map(moved),
      applications: identity.applications,
      titles: identity.titles,
      owners: ownersOf({ window, identity }, shown, resourceIdMask),
      ...hiddenOwnersOf({ window, identity }, shown),
      ...(identity.isUnknown ? { isUnknown: true } : {}),
    })),
  };
}

function outer({ x, y, width, height, border }: StackedWindow): Area {
  return { x, y, width: width + 2 * border, height: height + 2 * border };
}

/** A menu or a tooltip; some window managers make their frames of the same kind. */
function isLoose({ window, identity }: Shown): boolean {
  return window.isOverride && !identity.isManaged;
}

/** A window without a class hides nothing, nor does one over the whole screen without a manager: a compositor draws everything into such a one. */
function opaqueAreas({ window, identity }: Shown, displays: readonly Area[]): readonly Area[] {
  const area = outer(window);
  const { opaque, hasClass } = identity;
  if (isLoose({ window, identity }) && (!hasClass || displays.every((display) => contains(area, display)))) return [];
  if (opaque === 'whole') return [area];
  if (opaque.width !== window.width || opaque.height !== window.height) return [];
  return opaque.areas.map((part) => ({ ...part, x: part.x + window.x + window.border, y: part.y + window.y + window.border }));
}

function isOf({ window, identity }: Shown, id: number): boolean {
  return window.id === id || (identity.client !== 0 && identity.client === id);
}

function hiddenOwnersOf({ identity }: Shown, all: readonly Shown[]): Pick<DeskWindow, 'hiddenOwners'> {
  const hidden = identity.owners.filter((owner) => !all.some((other) => isOf(other, owner.window)));
  return hidden.length === 0 ? {} : { hiddenOwners: hidden.map(({ applications, titles }) => ({ applications, titles })) };
}

/** What it says it belongs to; of a menu or tooltip that says nothing, its program's windows. */
function ownersOf({ window, identity }: Shown, all: readonly Shown[], resourceIdMask: number): readonly number[] {
  const { transientFor } = identity;
  const named = transientFor === undefined ? undefined : all.find((other) => isOf(other, transientFor));
  if (named !== undefined) return [named.window.id];
  if (!isLoose({ window, identity }) && transientFor === undefined) return [];
  const ownerOf = (shown: Shown): number => (shown.identity.client || shown.window.id) & ~resourceIdMask;
  const whose = ownerOf({ window, identity });
  const isSibling = (other: Shown): boolean =>
    ownerOf(other) === whose || (identity.processId !== undefined && other.identity.processId === identity.processId);
  return all.filter((other) => other.window.id !== window.id && !isLoose(other) && isSibling(other)).map((other) => other.window.id);
}
