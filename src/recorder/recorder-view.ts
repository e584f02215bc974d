import type { RecorderState, RunningRecording } from '../shared/snapshot';
import type { ActiveRecording, MachineState, RunningState } from './recorder-state';

/** What views may see. "Recording" only while an encoder runs: `recording` is a claim. */
export function toRecorderState(state: MachineState): RecorderState {
  switch (state.status) {
    case 'idle':
      return { status: 'idle' };
    case 'waiting':
      return state.until === 'resumed' ? viewRunning({ ...state, displays: [] }) : viewStarting(state);
    case 'beginning':
    case 'starting':
      return viewStarting(state);
    case 'running':
      return viewRunning(state);
    case 'finishing':
      return { status: 'finishing', recordingId: state.recordingId, userName: state.userName, since: iso(state.since) };
    case 'failed':
      return { status: 'failed', recordingId: state.recordingId, since: iso(state.since), reason: state.reason };
  }
}

function viewStarting({ recording }: { readonly recording: ActiveRecording }): RecorderState {
  return { status: 'starting', recordingId: recording.id, userName: recording.userName, since: iso(recording.startedAt) };
}

function viewRunning({ recording, displays }: Pick<RunningState, 'recording' | 'displays'>): RecorderState {
  const running: RunningRecording = {
    recordingId: recording.id,
    userName: recording.userName,
    since: iso(recording.startedAt),
    segment: recording.segment,
    framesPerSecond: recording.start.encoding.framesPerSecond,
    bytes: recording.bytes,
    displays,
  };
  return recording.pausedAt === undefined
    ? { status: 'recording', ...running }
    : { status: 'paused', pausedSince: iso(recording.pausedAt), ...running };
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
