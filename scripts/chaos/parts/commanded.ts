import type { Evidence, RecorderChange, Span } from './evidence';

/** A recording that the service took. */
export interface Commanded extends Span {
  readonly id: string;
  readonly pauses: readonly Span[];
  /** Whether anybody wanted it to end: RWS, the agent, or who ended the service. */
  readonly isEndWanted: boolean;
  readonly isBrokenOff: boolean;
}

const RUNNING = ['starting', 'recording', 'paused'];

/** Which recordings there were, by the service's log and by when it ended. */
export function commandedIn(evidence: Evidence): readonly Commanded[] {
  const starts = evidence.changes.filter(
    ({ from, to, recordingId }) => to === 'starting' && !RUNNING.includes(from) && recordingId !== undefined,
  );
  return starts.map((start) => commandedFrom(start, evidence));
}

function commandedFrom(start: RecorderChange, evidence: Evidence): Commanded {
  const { at: from, recordingId: id = '' } = start;
  const broken = evidence.ends.find((at) => at >= from) ?? Infinity;
  const own = evidence.changes.filter(({ at }) => at >= from && at <= broken);
  const left = own.find((change) => change !== start && RUNNING.includes(change.from) && !RUNNING.includes(change.to));
  const to = Math.min(left?.at ?? Infinity, broken);
  const endings = evidence.commands.filter(
    ({ name, recordingId }) => name === 'logout' || name === 'hotSeat' || (name === 'stop' && recordingId === id),
  );
  return {
    id,
    from,
    to,
    pauses: pausesIn(
      own.filter(({ at }) => at <= to),
      to,
    ),
    isEndWanted: left === undefined || endings.some(({ at }) => at >= from && at <= to + 100),
    isBrokenOff: left === undefined,
  };
}

function pausesIn(changes: readonly RecorderChange[], end: number): readonly Span[] {
  return changes
    .filter(({ to }) => to === 'paused')
    .map(({ at }) => ({ from: at, to: changes.find((change) => change.at >= at && change.from === 'paused')?.at ?? end }));
}
