/** What `/events` sends, as far as the page shows it (`control-server/simulator-state.ts`). */
export interface StateView {
  readonly servers: readonly ServerRow[];
  readonly agents: readonly AgentRow[];
  readonly recordings: readonly RecordingRow[];
  readonly reports: readonly ReportRow[];
  readonly faults: readonly FaultRow[];
  readonly strict: StrictView;
  readonly hasScreen: boolean;
}

export interface ServerRow {
  readonly name: string;
  readonly origin: string;
  readonly isOnline: boolean;
}

export interface FaultRow {
  readonly id: string;
  readonly target: string;
  readonly path?: string;
  readonly method?: string;
  readonly userName?: string;
  readonly dataCentre?: string;
  readonly times?: number;
  readonly struck: number;
  readonly action: unknown;
}

export interface StrictView {
  readonly csrf: boolean;
  readonly cookies: boolean;
  readonly sessionSeconds: number;
  readonly reports: boolean;
  readonly ownUploadsOnly: boolean;
  readonly maxUploadBytes: number;
}

export interface AgentRow {
  readonly userName: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly dataCentre: string;
  readonly since: string;
  readonly isListening: boolean;
  readonly place?: string;
  readonly lastReport?: ReportRow;
}

export interface RecordingRow {
  readonly recordingId: string;
  readonly mediaId: string;
  readonly size: number;
  readonly sha256: string;
  readonly receivedAt: string;
  readonly uploadedBy: string;
  readonly dataCentre: string;
}

export interface ReportRow {
  readonly time: string;
  readonly userName: string;
  readonly recordingId: string;
  readonly state: string;
  readonly reason?: string;
  readonly clientVersion?: string;
}
