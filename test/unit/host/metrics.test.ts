import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from '../../../src/host/metrics';
import type { Snapshot } from '../../../src/shared/snapshot';
import { sampleSnapshot } from '../../fixtures/snapshots';
import { WINDOW_STATES } from '../../fixtures/window-states';

const DASHBOARD = join(__dirname, '../../../docs/admin/grafana-dashboard.json');
const TOTALS = { recorded: 5, uploaded: 4, failed: 1, uploadedBytes: 123_456 };

const stateOf = (name: string): Snapshot => sampleSnapshot(WINDOW_STATES[name]);

function metricsOf(snapshot: Snapshot): Promise<string> {
  const now = Date.parse(snapshot.time);
  return createMetrics({ snapshot: () => snapshot, totals: () => TOTALS, framesEncoded: () => 42, now: () => now }).text();
}

it('says state, totals and process in OpenMetrics', async () => {
  const text = await metricsOf(stateOf('recording'));
  for (const line of [
    'srs_session_state{state="connected"} 1',
    'srs_session_state{state="signedOut"} 0',
    'srs_recorder_state{state="recording"} 1',
    'srs_recordings_total{outcome="recorded"} 5',
    'srs_recordings_total{outcome="failed"} 1',
    'srs_uploaded_bytes_total 123456',
    'srs_encoder_frames_total 42',
    '# TYPE srs_recordings counter',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect(text).toMatch(/# EOF\n$/);
});

it('names no agent, recording or server, whatever the state', async () => {
  for (const name of Object.keys(WINDOW_STATES)) {
    const text = await metricsOf(stateOf(name));
    expect(text).not.toMatch(/agent1|Ada|rec-\d|media-\d|rws\.example|Place 7/);
  }
});

it('counters do not grow by being read, and a problem that is over is gone', async () => {
  let snapshot: Snapshot = stateOf('problem');
  const metrics = createMetrics({ snapshot: () => snapshot, totals: () => TOTALS, framesEncoded: () => 42, now: Date.now });
  await metrics.text();
  const before = await metrics.text();
  expect(before).toContain('srs_recordings_total{outcome="uploaded"} 4\n');
  expect(before).toMatch(/^srs_problem\{code="\w+"\} 1$/m);
  snapshot = { ...snapshot, problems: [] };
  const after = await metrics.text();
  expect(after).not.toMatch(/^srs_problem\{/m);
  expect(after).toContain('srs_problems 0\n');
});

it('the dashboard asks for metrics that there are', async () => {
  const text = await metricsOf(stateOf('problem'));
  const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: { targets: { expr: string }[] }[] };
  const asked = dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/\b(srs|process)_\w+/g) ?? []));
  expect(asked.length).toBeGreaterThan(10);
  for (const name of asked) expect(text).toMatch(new RegExp(`^${name}(\\{| )`, 'm'));
});
