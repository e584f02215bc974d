import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { MetricsPage } from '../api/ports';
import type { HistoryTotals } from '../service/history';
import type { RecorderState, SessionState, Snapshot, UploadJobState } from '../shared/snapshot';

export interface MetricsSources {
  readonly snapshot: () => Snapshot;
  /** Since the start of the service. */
  readonly totals: () => HistoryTotals;
  /** Frames that went to the encoder since the start. */
  readonly framesEncoded: () => number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const SESSION: readonly SessionState['status'][] = ['signedOut', 'signingIn', 'connected', 'reconnecting', 'expired', 'signingOut'];
const RECORDER: readonly RecorderState['status'][] = ['idle', 'starting', 'recording', 'paused', 'finishing', 'failed'];
const UPLOADS: readonly UploadJobState['status'][] = ['ready', 'uploading', 'waiting', 'quarantined'];

/**
 * `GET /metrics` (local-api.md, *Metrics*) in the OpenMetrics text format. Names no agent, recording or server: only how many and in which state.
 * Figures are read when they are asked for.
 */
export function createMetrics({ snapshot, totals, framesEncoded, now }: MetricsSources): MetricsPage {
  const registry = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number): void =>
    void new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  const oneOf = (name: string, help: string, states: readonly string[], read: () => Readonly<Record<string, number>>): void =>
    void new Gauge({
      name,
      help,
      labelNames: ['state'],
      registers: [registry],
      collect() {
        const counts = read();
        for (const state of states) this.set({ state }, counts[state] ?? 0);
      },
    });

  new Gauge({
    name: 'srs_build_info',
    help: 'Always 1; which version runs',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: snapshot().packageVersion }, 1);
  oneOf('srs_session_state', '1 for the state the agent’s session is in', SESSION, () => ({ [snapshot().session.status]: 1 }));
  oneOf('srs_recorder_state', '1 for the state the recorder is in', RECORDER, () => ({ [snapshot().recorder.status]: 1 }));
  gauge('srs_recording_bytes', 'Written of the running recording', () => running(snapshot())?.bytes ?? 0);
  gauge('srs_encoder_frames_per_second', 'What the encoder is set to while it records; else 0', () => framesPerSecond(snapshot()));
  oneOf('srs_upload_queue_files', 'Media files that wait for their upload, by state', UPLOADS, () => countJobs(snapshot()));
  gauge('srs_upload_queue_bytes', 'Bytes that wait for their upload', () => snapshot().uploads.pendingBytes);
  gauge('srs_upload_queue_oldest_seconds', 'Age of the oldest media file that waits; 0 without one', () =>
    oldestSeconds(snapshot(), now()),
  );
  addProblems(registry, snapshot);
  addTotals(registry, totals);
  addFrames(registry, framesEncoded);
  return { contentType: registry.contentType, text: () => registry.metrics() };
}

function addProblems(registry: Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>, snapshot: () => Snapshot): void {
  new Gauge({
    name: 'srs_problem',
    help: '1 for each problem that is shown',
    labelNames: ['code'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { code } of snapshot().problems) this.set({ code }, 1);
    },
  });
  new Gauge({
    name: 'srs_problems',
    help: 'How many problems are shown',
    registers: [registry],
    collect() {
      this.set(snapshot().problems.length);
    },
  });
}

function addTotals(registry: Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>, totals: () => HistoryTotals): void {
  new Counter({
    name: 'srs_recordings_total',
    help: 'Media files recorded and uploaded, and recordings or uploads that failed, since the service started',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      const { recorded, uploaded, failed } = totals();
      for (const [outcome, count] of Object.entries({ recorded, uploaded, failed })) this.inc({ outcome }, count);
    },
  });
  new Counter({
    name: 'srs_uploaded_bytes_total',
    help: 'Bytes of the media files that were uploaded since the service started',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(totals().uploadedBytes);
    },
  });
}

/** Its rate is what the encoder really does. */
function addFrames(registry: Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>, framesEncoded: () => number): void {
  new Counter({
    name: 'srs_encoder_frames_total',
    help: 'Frames that went to the encoder since the service started; a still screen gives few',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(framesEncoded());
    },
  });
}

function running({ recorder }: Snapshot): Extract<RecorderState, { readonly status: 'recording' | 'paused' }> | undefined {
  return recorder.status === 'recording' || recorder.status === 'paused' ? recorder : undefined;
}

function framesPerSecond({ recorder }: Snapshot): number {
  return recorder.status === 'recording' ? recorder.framesPerSecond : 0;
}

function countJobs({ uploads }: Snapshot): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of uploads.jobs) counts[state.status] = (counts[state.status] ?? 0) + 1;
  return counts;
}

function oldestSeconds({ uploads }: Snapshot, now: number): number {
  const times = uploads.jobs.map(({ createdAt }) => Date.parse(createdAt));
  return times.length === 0 ? 0 : Math.max(0, (now - Math.min(...times)) / 1000);
}
