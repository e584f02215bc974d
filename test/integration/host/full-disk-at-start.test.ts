import { lstat, readFile } from 'node:fs/promises';
import { sendRequest } from '../../support/http-request';
import { ServiceOnScreen, type ServiceOptions } from '../../support/service-on-screen';
import { SmallDisk, type SmallDiskOptions } from '../../support/small-disk';
import { startSrs } from '../../support/srs-process';
import { until } from '../../support/until';

/** Enough for a browser's profile, which lies on the same disk and grows for some seconds. */
const SMALL = { megabytes: 24 };
const FEW_FILES = { megabytes: 64, files: 1500 };
const HTTPS = { https: { enabled: true, port: 0 } };
const ROOM = { spool: { minFreeMegabytes: 1 } };

describe('a disk that is full when the service starts', () => {
  let service: ServiceOnScreen;
  let disk: SmallDisk;

  async function create(size: SmallDiskOptions, options: ServiceOptions = {}): Promise<void> {
    service = await ServiceOnScreen.create({ ...options, dataDirectory: 'disk/data' });
    disk = await SmallDisk.mount(`${service.directory}/disk`, size);
  }

  afterEach(async () => {
    await service.dispose();
    await disk.dispose();
  });

  const codes = async (): Promise<readonly string[]> => (await service.snapshot()).problems.map(({ code }) => code);
  const video = async (recordingId: string): Promise<void> => {
    await service.record(recordingId);
    await until('some video', async () => {
      const { recorder } = await service.snapshot();
      return 'bytes' in recorder && recorder.bytes > 0;
    });
    service.stopRecording(recordingId);
  };

  it.each<[string, boolean, SmallDiskOptions, ServiceOptions]>([
    ['never used before', false, SMALL, ROOM],
    ['never used before, with https', false, SMALL, { ...ROOM, ...HTTPS }],
    ['used before', true, SMALL, ROOM],
    ['used before, with https', true, SMALL, { ...ROOM, ...HTTPS }],
    ['without room for one more file', true, FEW_FILES, { spool: { minFreeMegabytes: 0 } }],
    ['without room even for the folder', false, FEW_FILES, { spool: { minFreeMegabytes: 0 } }],
  ])(
    '%s: it runs, signs in, says so to whoever asks, and records again when there is room',
    async (_what, isUsed, size, options) => {
      await create(size, options);
      if (isUsed) {
        await service.start(disk.via);
        await service.stop();
      }
      await disk.fill();
      await service.start(disk.via);
      const isThere = await lstat(disk.at('data', 'status-token')).then(
        () => true,
        () => false,
      );
      if (isThere) {
        expect(await codes()).toContain('diskFloor');
        const status = startSrs(['status', '--config', `${service.directory}/config.json`], {}, disk.via);
        expect(await status.exited).toBe(1);
        expect(status.stdout()).toMatch(/MB are free|disk is full/);
      }
      service.simulator.control.startRecording('ann', { recordingId: 'rec-1' });
      await until('the refusal', () => service.reports('rec-1').length > 0);
      expect(service.reports('rec-1')).toEqual([
        expect.objectContaining({ state: 'Failed', reason: expect.stringMatching(/must stay free|disk is full/) }),
      ]);
      await disk.empty();
      await until('the token', () => readFile(disk.at('data', 'status-token'), 'utf8').catch(() => undefined), 20_000);
      await video('rec-2');
      await until('its end', () => service.reports('rec-2').some(({ state }) => state === 'Uploaded'), 20_000);
      await until(
        'the problems to go',
        async () => !(await codes()).some((code) => ['diskFloor', 'filesNotWritten'].includes(code)),
        20_000,
      );
    },
    90_000,
  );

  it('uploads what waits, which makes room, and shows no longer that there is none', async () => {
    await create(SMALL, ROOM);
    await service.start(disk.via);
    const { faults } = service.simulator.control;
    faults.add({ target: 'upload', action: { type: 'answer', status: 503 } });
    faults.add({ target: 'resumable', action: { type: 'answer', status: 503 } });
    await video('rec-1');
    await until('the job', async () => (await service.snapshot()).uploads.jobs.length === 1, 20_000);
    await service.stop();
    faults.clear();
    await disk.fill();
    await service.start(disk.via);
    await until('the upload', () => service.reports('rec-1').some(({ state }) => state === 'Uploaded'), 20_000);
    expect(service.simulator.control.recordings()).toHaveLength(1);
    await until('the room it took', async () => (await disk.free()) > 0);
    expect((await service.snapshot()).uploads.jobs).toEqual([]);
  }, 90_000);

  it('does not end it either where what it prints goes to such a disk', async () => {
    await create(SMALL, ROOM);
    await service.start(['sh', '-c', 'exec "$@" 2>/dev/full', 'sh']);
    await sendRequest(service.address, { path: '/version' });
    expect(await codes()).toBeDefined();
  }, 60_000);
});
