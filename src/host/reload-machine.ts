/** How long the sources must stand still before they are read: whoever writes a file may write it in pieces, or take the old one away first. */
export const SETTLE_MS = 2_000;
/** Sources that never stand still are read all the same, this long after the first change. */
export const LONGEST_SETTLE_MS = 10_000;
/** Between two readings, however often the sources change. */
export const LEAST_GAP_MS = 10_000;

/** `Read` is the whole configuration, checked. */
export interface ReloadState<Read> {
  readonly status: 'quiet' | 'settling' | 'reading';
  /** The first change that was not read yet; meaningful while settling. Steady milliseconds. */
  readonly since: number;
  /** While reading: the sources changed again. */
  readonly isOutdated: boolean;
  readonly lastReadAt: number;
  /** Read and good; taken over when the recording ends. */
  readonly held?: Read;
}

export type ReloadEvent<Read> =
  { readonly type: 'changed' | 'settled' | 'refused' | 'recordingEnded' } | { readonly type: 'read'; readonly config: Read };

export type ReloadEffect<Read> =
  { readonly type: 'wait'; readonly ms: number } | { readonly type: 'read' | 'hold' } | { readonly type: 'take'; readonly config: Read };

export interface ReloadStep<Read> {
  readonly state: ReloadState<Read>;
  readonly effects: readonly ReloadEffect<Read>[];
}

export interface ReloadSurroundings {
  /** Steady milliseconds. */
  readonly now: number;
  readonly isRecording: boolean;
}

export const initialReload: ReloadState<never> = { status: 'quiet', since: 0, isOutdated: false, lastReadAt: -Infinity };

/**
 * When changed sources are read and taken over. INVARIANTS: one reading at a time, at most one in `LEAST_GAP_MS`; nothing is taken over while a
 * recording runs; what is taken over is what was read last, and nothing when that was refused.
 */
export function stepReload<Read>(state: ReloadState<Read>, event: ReloadEvent<Read>, around: ReloadSurroundings): ReloadStep<Read> {
  switch (event.type) {
    case 'changed':
      return onChanged(state, around.now);
    case 'settled':
      if (state.status !== 'settling') return { state, effects: [] };
      return { state: { ...state, status: 'reading', isOutdated: false, lastReadAt: around.now }, effects: [{ type: 'read' }] };
    case 'read':
      return onRead(state, event.config, around);
    case 'refused':
      return afterReading(withoutHeld(state), around.now, []);
    case 'recordingEnded': {
      const { held } = state;
      if (held === undefined || around.isRecording) return { state, effects: [] };
      return { state: withoutHeld(state), effects: [{ type: 'take', config: held }] };
    }
  }
}

function onChanged<Read>(state: ReloadState<Read>, now: number): ReloadStep<Read> {
  if (state.status === 'reading') return { state: { ...state, isOutdated: true }, effects: [] };
  return settle(state.status === 'settling' ? state : { ...state, status: 'settling', since: now }, now);
}

function onRead<Read>(state: ReloadState<Read>, config: Read, { now, isRecording }: ReloadSurroundings): ReloadStep<Read> {
  if (state.status !== 'reading') return { state, effects: [] };
  if (isRecording) return afterReading({ ...state, held: config }, now, [{ type: 'hold' }]);
  return afterReading(withoutHeld(state), now, [{ type: 'take', config }]);
}

function afterReading<Read>(state: ReloadState<Read>, now: number, effects: readonly ReloadEffect<Read>[]): ReloadStep<Read> {
  if (!state.isOutdated) return { state: { ...state, status: 'quiet' }, effects };
  const next = settle({ ...state, status: 'settling', since: now, isOutdated: false }, now);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

function settle<Read>(state: ReloadState<Read>, now: number): ReloadStep<Read> {
  const quietAt = Math.min(now + SETTLE_MS, state.since + LONGEST_SETTLE_MS);
  const at = Math.max(quietAt, state.lastReadAt + LEAST_GAP_MS);
  return { state, effects: [{ type: 'wait', ms: Math.max(0, at - now) }] };
}

function withoutHeld<Read>({ held: _, ...state }: ReloadState<Read>): ReloadState<Read> {
  return state;
}
