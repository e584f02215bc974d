import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../../src/lib/logger';
import { createSpoolKeyVault } from '../../../src/spool/key-vault';
import type { SpoolJob } from '../../../src/spool/ports';
import { FakeKeychain } from '../../fakes/fake-keychain';
import { FakeProblems } from '../../fakes/fake-problems';
import { makeMaterial, probeVideo } from '../../support/recorded-material';
import { createSpoolRig, record, type SpoolRig } from '../../support/spool-rig';
import { startSrs } from '../../support/srs-process';

/** `srs recordings` on the spool of a service without a keychain, whose key therefore lies in its file. */
describe('srs recordings', () => {
  let directory: string;
  let rig: SpoolRig;
  let job: SpoolJob;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-recordings-'));
    const keychain = new FakeKeychain();
    keychain.isReachable = false;
    const vault = createSpoolKeyVault({ keychain, fallback: 'file', directory, problems: new FakeProblems(), log: silentLogger });
    rig = await createSpoolRig({ directory: join(directory, 'spool'), vault });
    await writeFile(join(directory, 'config.json'), JSON.stringify({ dataDirectory: directory }));
    await record(rig, [await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 2 })]);
    const [made] = rig.jobs;
    if (made === undefined) throw new Error('no job');
    job = { ...made, attempts: 3, quarantine: { reason: 'HTTP 413: too large', since: 1 } };
    await rig.spool.jobs.save(job);
  });
  afterEach(async () => {
    await rig.dispose();
    await rm(directory, { recursive: true, force: true });
  });

  const run = async (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> => {
    // No session bus: the keychain cannot be reached, whatever the machine offers.
    const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
    const srs = startSrs(['recordings', ...args, '--config', join(directory, 'config.json')], env);
    const code = await srs.exited;
    return { code, stdout: srs.stdout(), stderr: srs.stderr() };
  };

  it('list: what waits, with its state', async () => {
    const { code, stdout } = await run('list');
    expect(code).toBe(0);
    expect(stdout).toContain(job.mediaId);
    expect(stdout).toContain('quarantined: HTTP 413: too large');
    expect(JSON.parse((await run('list', '--json')).stdout)).toEqual([job]);
  });

  it('retry: forgets the quarantine, keeps the recording', async () => {
    expect((await run('retry', job.mediaId)).code).toBe(0);
    const [after] = await rig.spool.jobs.list();
    expect(after).toMatchObject({ mediaId: job.mediaId, attempts: 0, sha256: job.sha256 });
    expect(after).not.toHaveProperty('quarantine');
  });

  it('export: a file that plays; never over another one unless told to; the recording stays', async () => {
    const file = join(directory, 'out.mp4');
    expect(await run('export', job.mediaId, file)).toMatchObject({ code: 0, stdout: expect.stringContaining(file) });
    expect(await probeVideo(file)).toMatchObject({ codec: 'h264', frames: 10 });
    await writeFile(file, 'precious');
    expect((await run('export', job.mediaId, file)).code).toBe(1);
    expect(await readFile(file, 'utf8')).toBe('precious');
    expect((await run('export', job.mediaId, file, '--force')).code).toBe(0);
    expect(await rig.spool.jobs.list()).toHaveLength(1);
  });

  it('an unknown media id: said plainly', async () => {
    const { code, stderr } = await run('export', 'nothing', join(directory, 'out.mp4'));
    expect(code).toBe(1);
    expect(stderr).toContain('"nothing"');
  });
});
