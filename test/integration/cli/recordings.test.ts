import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { takeInstanceLock } from '../../../src/lib/instance-lock';
import { silentLogger } from '../../../src/lib/logger';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import { createSpoolKeyVault } from '../../../src/spool/sealed/key-vault';
import type { SpoolJob } from '../../../src/spool/ports';
import { FakeKeychain } from '../../fakes/fake-keychain';
import { FakeProblems } from '../../fakes/fake-problems';
import { basic, sendRequest } from '../../support/http-request';
import { makeMaterial, probeVideo } from '../../support/recorded-material';
import { createSpoolRig, record, type SpoolRig } from '../../support/spool-rig';
import { startSrs, type SrsProcess } from '../../support/srs-process';
import { until } from '../../support/until';

/** No session bus: the keychain cannot be reached, whatever the machine offers. */
const NO_KEYCHAIN = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };

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
    const srs = startSrs(['recordings', ...args, '--config', join(directory, 'config.json')], NO_KEYCHAIN);
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

  it('retry: without a service it forgets the quarantine and the age, and keeps the recording', async () => {
    const before = Date.now();
    expect((await run('retry', job.mediaId)).code).toBe(0);
    const [after] = await rig.spool.jobs.list();
    expect(after).toMatchObject({ mediaId: job.mediaId, attempts: 0, sha256: job.sha256 });
    expect(after?.retriedAt).toBeGreaterThanOrEqual(before);
    expect(after).not.toHaveProperty('quarantine');
  });

  it('retry and export: as JSON', async () => {
    expect(JSON.parse((await run('retry', '--json')).stdout)).toEqual({ retried: 1, isRunning: false });
    const file = join(directory, 'video.mp4');
    expect(JSON.parse((await run('export', '--json', job.mediaId, file)).stdout)).toEqual({ mediaId: job.mediaId, file, lostBytes: 0 });
  });

  it('retry: a process that holds the data directory but does not answer is not worked against', async () => {
    const lock = await takeInstanceLock(directory);
    try {
      const { code, stderr } = await run('retry', job.mediaId);
      expect(code).toBe(1);
      expect(stderr).toContain(directory);
      expect(stderr).toContain('Nothing was changed');
      expect(await rig.spool.jobs.list()).toEqual([job]);
    } finally {
      await lock.release();
    }
  });

  describe('retry: while the service runs', () => {
    let simulator: Simulator;
    let service: SrsProcess;
    let address: string;
    beforeEach(async () => {
      simulator = createSimulator({
        accounts: [{ userName: 'ann', password: 'secret', contactCenterId: 'cc-1' }],
        storage: join(directory, 'storage'),
      });
      const { server } = await simulator.start();
      job = { ...job, recordingId: 'rec-1', metadata: { ...job.metadata, id: 'rec-1' } };
      await rig.spool.jobs.save(job);
      await writeFile(
        join(directory, 'config.json'),
        JSON.stringify({
          dataDirectory: directory,
          server,
          allowedOrigins: ['https://desktop.example.com'],
          http: { port: 0 },
          https: { enabled: false },
          credentialStore: 'memory',
        }),
      );
      service = startSrs(['run', '--headless', '--config', join(directory, 'config.json')], NO_KEYCHAIN);
      address = (await service.waitFor(/^listening (http:\S+)$/m))[1] ?? '';
    });
    afterEach(async () => {
      await service.stop();
      await simulator.stop();
    });

    it('the service itself tries it, at once, and its sidecar goes with it', async () => {
      const login = await sendRequest(address, {
        path: '/api/v2/me',
        headers: { Origin: 'https://desktop.example.com', Authorization: basic('ann', 'secret') },
      });
      expect(login.status).toBe(200);
      expect(simulator.control.recordings()).toEqual([]);
      expect(await run('retry', job.mediaId)).toMatchObject({ code: 0, stdout: expect.stringContaining('1 recording') });
      const [received] = await until('the recording at RWS', () => {
        const all = simulator.control.recordings();
        return all.length > 0 ? all : undefined;
      });
      expect(received).toMatchObject({ mediaId: job.mediaId, sha256: job.sha256 });
      await until('the job gone', async () => (await readdir(join(directory, 'spool', 'jobs'))).length === 0);
      expect(await run('retry')).toMatchObject({ code: 0, stdout: expect.stringContaining('0 recording') });
    });

    it('list: the states and reasons that the service shows', async () => {
      expect((await run('list')).stdout).toContain('quarantined: HTTP 413: too large');
      expect(await run('retry', job.mediaId)).toMatchObject({ code: 0 });
      expect((await run('list')).stdout).toContain('waiting: Waits for an agent to sign in at a configured recording server.');
      expect(JSON.parse((await run('list', '--json')).stdout)).toEqual([
        expect.objectContaining({ mediaId: job.mediaId, state: { status: 'waiting', reason: expect.stringContaining('sign in') } }),
      ]);
    });

    it('an unknown media id is said plainly, and changes nothing', async () => {
      const { code, stderr } = await run('retry', 'nothing');
      expect(code).toBe(1);
      expect(stderr).toContain('"nothing"');
      expect(await rig.spool.jobs.list()).toEqual([job]);
    });

    it('a wrong token is no way round: an error, and nothing changed', async () => {
      await writeFile(join(directory, 'status-token'), 'stale');
      const { code, stderr } = await run('retry', job.mediaId);
      expect(code).toBe(1);
      expect(stderr).toContain('401');
      expect(stderr).not.toContain('stale');
      expect(await rig.spool.jobs.list()).toEqual([job]);
    });
  });

  describe('a damaged description', () => {
    const sidecar = (): string => join(directory, 'spool', 'jobs', `${job.mediaId}.json`);

    it.each([
      ['cut', '{"mediaId":', 'not JSON'],
      ['empty', '', 'not JSON'],
      ['changed', '{"mediaId":"x"}', 'recordingId'],
    ])('list: one that was %s is shown with its reason and left where it is', async (_what, text, reason) => {
      await writeFile(sidecar(), text);
      const { code, stdout } = await run('list');
      expect(code).toBe(0);
      expect(stdout).toContain(job.mediaId);
      expect(stdout).toMatch(/MB {2}damaged: /);
      expect(stdout).toContain(reason);
      expect(await readFile(sidecar(), 'utf8')).toBe(text);
    });

    it('list and export: also when a service has put it aside; the video is whole', async () => {
      await writeFile(sidecar(), '{');
      await rig.spool.jobs.list();
      expect(await readdir(join(directory, 'spool', 'jobs'))).toEqual([]);
      expect(JSON.parse((await run('list', '--json')).stdout)).toEqual([
        { mediaId: job.mediaId, damaged: expect.stringContaining('not JSON'), changedAt: expect.any(Number), size: expect.any(Number) },
      ]);
      const file = join(directory, 'rescued.mp4');
      expect(await run('export', job.mediaId, file)).toMatchObject({ code: 0 });
      expect(
        createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      ).toBe(job.sha256);
    });
  });

  it('export: a file that plays; never over another one unless told to; the recording stays', async () => {
    const file = join(directory, 'out.mp4');
    expect(await run('export', job.mediaId, file)).toMatchObject({ code: 0, stdout: expect.stringContaining(file) });
    expect(await probeVideo(file)).toMatchObject({ codec: 'h264', frames: 10 });
    await writeFile(file, 'precious');
    const [line = '', ...more] = (await readFile(join(directory, 'logs', 'recordings-export.log'), 'utf8')).trim().split('\n');
    expect(more).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({ mediaId: job.mediaId, userName: userInfo().username, time: expect.any(String) });
    expect(line).not.toContain(directory);
    expect((await run('export', job.mediaId, file)).code).toBe(1);
    expect(await readFile(file, 'utf8')).toBe('precious');
    expect((await run('export', job.mediaId, file, '--force')).code).toBe(0);
    expect(await rig.spool.jobs.list()).toHaveLength(1);
  });

  it('export: refused, and nothing written, where recordings.export is false', async () => {
    await writeFile(join(directory, 'config.json'), JSON.stringify({ dataDirectory: directory, recordings: { export: false } }));
    const { code, stderr } = await run('export', job.mediaId, join(directory, 'out.mp4'));
    expect([code, stderr]).toEqual([2, expect.stringContaining('recordings.export')]);
    expect((await readdir(directory)).filter((name) => name === 'out.mp4' || name === 'logs')).toEqual([]);
  });

  it('export: nothing without a line about it', async () => {
    await writeFile(join(directory, 'logs'), 'no folder');
    const { code, stderr } = await run('export', job.mediaId, join(directory, 'out.mp4'));
    expect(code).toBe(1);
    expect(stderr).toContain('Nothing was exported');
    expect(await readdir(directory)).not.toContain('out.mp4');
  });

  it('an unknown media id: said plainly', async () => {
    const { code, stderr } = await run('export', 'nothing', join(directory, 'out.mp4'));
    expect(code).toBe(1);
    expect(stderr).toContain('"nothing"');
  });
});
