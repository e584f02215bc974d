/** What `/events` sends, as far as the page shows it (`control-server/simulator-state.ts`). */
export interface StateView {
  readonly servers: readonly { readonly name: string; readonly origin: string; readonly isOnline: boolean }[];
  readonly agents: readonly AgentRow[];
  readonly recordings: readonly RecordingRow[];
  readonly reports: readonly ReportRow[];
}

export interface AgentRow {
  readonly userName: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly dataCentre: string;
  readonly since: string;
  readonly isListening: boolean;
  readonly hasSession: boolean;
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
