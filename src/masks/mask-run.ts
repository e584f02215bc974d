import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { describeError } from '../shared/errors';
import type { MaskRules } from '../shared/mask-rules';
import { unite, type Area } from './areas';
import { coverDesk, type CoveredDesk, type CoverReason } from './covered-desk';
import type { Desk, OpenVisibleWindows, VisibleWindows } from './ports';
import { areSameDisplays } from './same-displays';

/** What is covered: pieces of the desktop, or all of it since its windows are not known. */
export type Cover = readonly Area[] | 'all';

export interface LookAnswer {
  /** Rises by one with every look. */
  readonly look: number;
  /** All that was to be covered at any moment from the look that was named to this one. */
  readonly cover: Cover;
}

export interface Covering {
  /** The windows are not known. */
  readonly isWhole: boolean;
  /** Why something is covered, for a person: the rules' notes, never a title. */
  readonly reasons: readonly string[];
}

export interface MaskRunDeps {
  readonly open: OpenVisibleWindows;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface MaskRunOptions {
  readonly rules: MaskRules;
  /** All displays, as the capture has them: a desk with others is not known. */
  readonly displays: readonly Area[];
  /** Something else is covered than before, or for another reason. */
  onCovering(covering: Covering): void;
}

/** More looks than lie between two frames that are as far apart as they can be. */
const KEPT_LOOKS = 256;
/** A window that comes and goes all the time is one line of the history. */
const GONE_AFTER_MS = 2000;

/**
 * Looks at the windows for one run of the encoder. What was to be covered between two looks is the union of all states in between, so that a frame
 * taken between them is covered whatever it shows. Not for one moment after the windows were lost does it claim to know them.
 */
export class MaskRun {
  readonly #deps: MaskRunDeps;
  readonly #options: MaskRunOptions;
  readonly #history: LookAnswer[] = [];
  #source: Promise<VisibleWindows> | undefined;
  #now: CoveredDesk | undefined;
  /** Since the last look. */
  #cover: Cover = 'all';
  #looks = 0;
  #hasEnded = false;
  #isReadable = false;
  /** Since when the desk has other displays than the capture. */
  #otherSince: number | undefined;
  readonly #seen = new Map<CoverReason, number>();
  #told = '';

  constructor(deps: MaskRunDeps, options: MaskRunOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** The last look succeeded. */
  get isReadable(): boolean {
    return this.#isReadable;
  }

  /** Looks now. Never rejects. @param since the look to begin with; without one nothing is known */
  async look(since?: number): Promise<LookAnswer> {
    const isKnown = (await this.#look()) && this.#now !== undefined;
    const look = (this.#looks += 1);
    this.#history.push({ look, cover: this.#cover });
    if (this.#history.length > KEPT_LOOKS) this.#history.shift();
    this.#cover = this.#now?.areas ?? 'all';
    if (!this.#hasEnded) this.#tell();
    return { look, cover: isKnown ? this.#coverSince(since) : 'all' };
  }

  end(): void {
    this.#hasEnded = true;
    void this.#source?.then((source) => source.close()).catch(() => undefined); // it never opened
    this.#source = undefined;
  }

  async #look(): Promise<boolean> {
    if (this.#hasEnded) return false;
    const source = (this.#source ??= this.#open());
    try {
      await (await source).look();
      if (this.#source !== source) return false; // lost meanwhile
      this.#isReadable = true;
      return true;
    } catch (error) {
      if (this.#source === source) this.#lost(describeError(error));
      return false;
    }
  }

  #open(): Promise<VisibleWindows> {
    const opening = this.#deps.open({
      onDesk: (desk) => {
        if (this.#source === opening) this.#onDesk(desk);
      },
      onLost: (reason) => {
        if (this.#source === opening) this.#lost(reason);
      },
    });
    return opening;
  }

  #onDesk(desk: Desk): void {
    const isSame = areSameDisplays(desk.displays, this.#options.displays);
    this.#otherSince = isSame ? undefined : (this.#otherSince ?? this.#deps.clock.steady());
    this.#now = isSame ? coverDesk(desk, this.#options.rules) : undefined;
    if (this.#now === undefined || this.#cover === 'all') {
      this.#cover = 'all';
    } else {
      this.#cover = unite(this.#cover, this.#now.areas);
    }
    for (const reason of this.#now?.reasons ?? []) this.#seen.set(reason, this.#deps.clock.steady());
  }

  #lost(reason: string): void {
    const source = this.#source;
    this.#source = undefined;
    void source?.then((opened) => opened.close()).catch(() => undefined); // it never opened
    if (this.#isReadable || this.#looks === 0) this.#deps.log.warn('the windows are not known', { reason });
    this.#isReadable = false;
    this.#now = undefined;
    this.#cover = 'all';
  }

  #coverSince(since: number | undefined): Cover {
    const first = this.#history[0]?.look ?? Infinity;
    if (since === undefined || since + 1 < first) return 'all';
    const covers = this.#history.filter(({ look }) => look > since).map(({ cover }) => cover);
    const known = covers.filter((cover) => cover !== 'all');
    return known.length === covers.length ? unite(...known) : 'all';
  }

  #tell(): void {
    const now = this.#deps.clock.steady();
    for (const reason of this.#now?.reasons ?? []) this.#seen.set(reason, now);
    for (const [reason, at] of this.#seen) if (now - at >= GONE_AFTER_MS) this.#seen.delete(reason);
    // Other displays are followed by another run of the encoder.
    const hasOthers = this.#otherSince !== undefined && now - this.#otherSince >= GONE_AFTER_MS;
    const isWhole = !this.#isReadable || hasOthers;
    const reasons = [...new Set([...this.#seen.keys()].map((reason) => describeReason(reason, this.#options.rules)))].sort();
    const told = JSON.stringify({ isWhole, reasons });
    if (told === this.#told) return;
    this.#told = told;
    this.#options.onCovering({ isWhole, reasons });
  }
}

function describeReason(reason: CoverReason, { masks }: MaskRules): string {
  if (reason === 'notExcepted') return 'Everything but the allowed windows';
  if (reason === 'unknown') return 'A window of which nothing was known';
  return masks[reason]?.note ?? `Rule ${reason + 1}`;
}
