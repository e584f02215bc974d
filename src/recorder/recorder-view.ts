import type { RecorderState, RunningRecording } from '../shared/snapshot';
import type { ActiveRecording, RecorderMachineState, RunningState } from './recorder-state';

/**
 * What views may see. "Recording" only while an encoder runs: `recording` is a claim.
 * @param setBy how far the clock views compare with was set since the recording began, in milliseconds
 */
export function toRecorderState(state: RecorderMachineState, setBy: number): RecorderState {
  const iso = (time: number): string => new Date(time + setBy).toISOString();
  switch (state.status) {
    case 'idle':
      return { status: 'idle' };
    case 'waiting':
      return state.until === 'resumed' ? viewRunning({ ...state, displays: [] }, iso) : viewStarting(state, iso);
    case 'beginning':
    case 'starting':
      return viewStarting(state, iso);
    case 'running':
      return viewRunning(state, iso);
    case 'finishing':
      return { status: 'finishing', recordingId: state.recordingId, userName: state.userName, since: iso(state.since) };
    case 'failed':
      return { status: 'failed', recordingId: state.recordingId, since: iso(state.since), reason: state.reason, code: state.code };
  }
}

type ToIso = (time: number) => string;

function viewStarting({ recording }: { readonly recording: ActiveRecording }, iso: ToIso): RecorderState {
  return { status: 'starting', recordingId: recording.id, userName: recording.userName, since: iso(recording.startedAt) };
}

function viewRunning({ recording, displays }: Pick<RunningState, 'recording' | 'displays'>, iso: ToIso): RecorderState {
  const running: RunningRecording = {
    recordingId: recording.id,
    userName: recording.userName,
    since: iso(recording.startedAt),
    segment: recording.segment,
    framesPerSecond: recording.start.encoding.framesPerSecond,
    bytes: recording.bytes,
    displays,
    ...viewCovering(recording.covering),
  };
  return recording.pausedAt === undefined
    ? { status: 'recording', ...running }
    : { status: 'paused', pausedSince: iso(recording.pausedAt), ...running };
}

function viewCovering(covering: ActiveRecording['covering']): Pick<RunningRecording, 'masked'> {
  if (covering === undefined) return {};
  return { masked: covering.isWhole ? 'all' : 'parts' };
}
