/** An agent the simulated recording server knows. */
export interface SimulatedAgent {
  readonly userName: string;
  readonly password: string;
  readonly firstName?: string;
  readonly lastName?: string;
}

export interface SimulatorOptions {
  readonly agents: readonly SimulatedAgent[];
  /** Folder that receives the recordings and stays; default: one of its own, removed at the end. */
  readonly storage?: string;
  /** Of the recording server; default: any free one. */
  readonly port?: number;
  /** Two data centres; `peerUrl` is there then. */
  readonly isPair?: boolean;
}

export interface StartRecordingOptions {
  /** Made up when absent. */
  readonly recordingId?: string;
  readonly callUuid?: string;
  readonly region?: string;
}

export interface StartedRecording {
  readonly recordingId: string;
  readonly callUuid: string;
}

/** A recording whose file has arrived whole. */
export interface ReceivedRecording {
  readonly recordingId: string;
  readonly mediaId: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  /** Whose login carried it. */
  readonly uploadedBy: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What the service has told the server of a recording (docs/contracts/rws.md, *State reports*). */
export interface ReceivedReport {
  readonly time: string;
  readonly userName: string;
  readonly recordingId: string;
  readonly state: string;
  readonly reason?: string;
}

/** A recording server for tests, on loopback alone. */
export interface RunningSimulator {
  /** For the service's `server`. */
  readonly url: string;
  readonly peerUrl?: string;
  /** A page that shows and drives it. */
  readonly controlUrl: string;
  /** The example agent desktop. */
  readonly desktopUrl: string;
  /** The names of the agents whose service listens for commands. */
  listeningAgents(): readonly string[];
  /** Throws when no service of the agent listens. */
  startRecording(userName: string, options?: StartRecordingOptions): StartedRecording;
  /** Without an id: the recording started last for this agent; so do the two below. */
  stopRecording(userName: string, recordingId?: string): void;
  pauseRecording(userName: string, recordingId?: string): void;
  resumeRecording(userName: string, recordingId?: string): void;
  /** Newest last. */
  recordings(): readonly ReceivedRecording[];
  /** The MP4 file of one. */
  mediaPath(mediaId: string): string | undefined;
  /** Newest last. */
  reports(): readonly ReceivedReport[];
  /** Closes the port and cuts every connection; sessions are kept. */
  goOffline(): Promise<void>;
  goOnline(): Promise<void>;
  /** Waits for the first value of `probe` that is not falsy. Throws after `timeoutMs` (default 30 000). */
  waitFor<T>(what: string, probe: () => T | undefined | null | false, timeoutMs?: number): Promise<T>;
  /** Cuts every connection, removes a storage of its own. Memoised. */
  stop(): Promise<void>;
}
