import type { RunningService, ServiceOptions } from './service-types';
import type { RunningSimulator, SimulatorOptions } from './simulator-types';

export type { RunningService, ServiceConfiguration, ServiceOptions } from './service-types';
export type {
  ReceivedRecording,
  ReceivedReport,
  RunningSimulator,
  SimulatedAgent,
  SimulatorOptions,
  StartedRecording,
  StartRecordingOptions,
} from './simulator-types';
export type {
  HistoryEntry,
  Problem,
  RecorderState,
  SessionState,
  Snapshot,
  UploadJobState,
  UploadJobView,
  UploadsState,
} from '../shared/snapshot';
export type { ProblemCode } from '../shared/problem-catalogue';

/**
 * The whole service in this process, for tests of agent desktops (docs/agent-desktops.md, *Testing your desktop*). Resolves when it listens.
 * Throws with what is wrong in `configuration`, and when a port is taken; nothing is left behind then.
 */
export declare function startService(options?: ServiceOptions): Promise<RunningService>;

/** A recording server for tests, on loopback. Resolves when it listens; throws when a port is taken, and leaves nothing behind then. */
export declare function startSimulator(options: SimulatorOptions): Promise<RunningSimulator>;
