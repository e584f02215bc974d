import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatusFile } from '../../../src/host/status-file';
import { silentLogger } from '../../../src/lib/logger';
import { SideFiles } from '../../../src/lib/side-files';
import { Emitter } from '../../../src/shared/emitter';
import type { Snapshot } from '../../../src/shared/snapshot';
import { FakeClock } from '../../fakes/fake-clock';
import { FakeProblems } from '../../fakes/fake-problems';
import { sampleSnapshot } from '../../fixtures/snapshots';
import { until } from '../../support/until';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'status-file-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const read = async (): Promise<Snapshot & { readonly pid: number }> =>
  JSON.parse(await readFile(join(directory, 'status.json'), 'utf8')) as Snapshot & { readonly pid: number };

it('holds the status and its process, owner-only, follows a change within 2 s, and is removed at the end', async () => {
  const clock = new FakeClock();
  const changes = new Emitter<void>();
  let snapshot: Snapshot = sampleSnapshot();
  const { revision: first } = snapshot;
  const source = { snapshot: () => snapshot, onChange: (listener: () => void) => changes.subscribe(listener) };
  const sideFiles = new SideFiles({ clock, log: silentLogger, problems: new FakeProblems() });
  const file = new StatusFile({ dataDirectory: directory, clock, sideFiles, source });
  await file.start();
  expect(await read()).toEqual({ pid: process.pid, ...snapshot });
  if (process.platform !== 'win32') expect((await stat(join(directory, 'status.json'))).mode & 0o777).toBe(0o600);

  for (const revision of [10, 11, 12]) {
    snapshot = { ...snapshot, revision };
    changes.emit();
  }
  expect(clock.pendingTimers).toBe(1);
  expect((await read()).revision).toBe(first);
  await clock.advance(2_000);
  await until('the change to be there', async () => (await read()).revision === 12);

  changes.emit();
  await file.stop();
  expect(clock.pendingTimers).toBe(0);
  await expect(stat(join(directory, 'status.json'))).rejects.toMatchObject({ code: 'ENOENT' });
});
