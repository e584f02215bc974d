import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromRwsTime } from '../../../src/shared/rws-time';
import { probeMedia } from '../../support/media-file';
import { ServiceOnScreen } from '../../support/service-on-screen';
import { until } from '../../support/until';

const MEGABYTE = 1024 * 1024;
const DISK_MEGABYTES = 32;
const FLOOR_MEGABYTES = 8;

/** A mount that only the service sees, and that goes with it; as any user, where the system lets users have namespaces. */
function onSmallDisk(directory: string): readonly string[] {
  const isRoot = process.getuid?.() === 0;
  const mountAndRun = `mount -t tmpfs -o size=${DISK_MEGABYTES}m,mode=700 none "$0" && exec "$@"`;
  return ['unshare', ...(isRoot ? ['-m'] : ['-r', '-m']), 'sh', '-c', mountAndRun, directory];
}

describe('a disk that fills while the service records', () => {
  let service: ServiceOnScreen;
  let painting: NodeJS.Timeout;

  beforeEach(async () => {
    service = await ServiceOnScreen.create({ spool: { minFreeMegabytes: FLOOR_MEGABYTES }, recording: { videoBitsPerSecond: 2_000_000 } });
    await mkdir(service.dataDirectory);
    await service.start(onSmallDisk(service.dataDirectory)).catch((error: unknown) => {
      throw new Error('a small disk could not be had for the service: it takes the right to mount a tmpfs (root or user namespaces)', {
        cause: error,
      });
    });
    painting = setInterval(() => void paintBusyPicture(), 200);
  });

  afterEach(async () => {
    clearInterval(painting);
    await service.dispose();
  });

  /** A picture that takes some room. */
  const paintBusyPicture = async (): Promise<void> => {
    for (let patch = 0; patch < 48; patch += 1) {
      const area = { x: Math.floor(Math.random() * 1200), y: Math.floor(Math.random() * 680), width: 80, height: 40 };
      await service.screen.paint(Math.floor(Math.random() * 0xffffff), area);
    }
  };
  const ballast = (): string => join(service.seenBy(service.dataDirectory), 'ballast');
  const free = async (): Promise<number> => {
    const { bavail, bsize } = await statfs(service.seenBy(service.dataDirectory));
    return bavail * bsize;
  };
  const video = async () => {
    const [recording] = await until('the video at RWS', () => {
      const all = service.simulator.control.recordings();
      return all.length > 0 ? all : undefined;
    });
    const [media] = (recording?.metadata as { mediaFiles: { startTime: string; duration: string }[] }).mediaFiles;
    const file = service.simulator.control.mediaPath(recording?.mediaId ?? '') ?? '';
    return { file, endsAt: (fromRwsTime(media?.startTime ?? '') ?? 0) + Number(media?.duration) };
  };

  it('ends the recording before the floor, keeps what was recorded, says so, refuses the next one, and goes on when there is room', async () => {
    await service.record('rec-1');
    const since = Date.now();
    await until('some video', () => Date.now() > since + 3000);
    const recorded = (await service.snapshot()).recorder;
    const needed = 2 * ('bytes' in recorded ? recorded.bytes : 0);
    await writeFile(ballast(), Buffer.alloc((await free()) - FLOOR_MEGABYTES * MEGABYTE - needed - 1.25 * MEGABYTE));
    let least = Infinity;
    // It goes by itself as soon as there is room, which the upload makes.
    let isShown = false;
    await until(
      'the recording to end',
      async () => {
        least = Math.min(least, await free());
        isShown ||= (await service.snapshot()).problems.some(({ code }) => code === 'diskFloor');
        return service.reports('rec-1').some(({ state }) => state === 'Failed');
      },
      30_000,
    );
    const ended = Date.now();
    const { file, endsAt } = await video();
    await until('the report that it was uploaded', () => service.reports('rec-1').some(({ state }) => state === 'Uploaded'));

    expect(least).toBeGreaterThanOrEqual(FLOOR_MEGABYTES * MEGABYTE);
    expect(service.reports('rec-1').map(({ state }) => state)).toEqual(['Recording', 'Failed', 'Uploaded']);
    expect(service.reports('rec-1')[1]).toMatchObject({
      reason: expect.stringMatching(/^Only \d+ MB are free on the disk; 8 MB must stay free/),
      startTime: expect.any(String),
      stopTime: expect.any(String),
    });
    expect(await probeMedia(file)).toMatchObject({ codec: 'h264', width: 1280, height: 720 });
    expect(ended - endsAt).toBeLessThan(5000);
    expect(endsAt).toBeGreaterThan(since + 3000);
    expect(isShown).toBe(true);
    expect((await service.snapshot()).recorder).toMatchObject({ status: 'failed', recordingId: 'rec-1' });

    // What was uploaded has made room: it is taken too.
    await writeFile(ballast(), Buffer.alloc((await free()) - (FLOOR_MEGABYTES - 1) * MEGABYTE), { flag: 'a' });
    service.simulator.control.startRecording('ann', { recordingId: 'rec-2' });
    await until('the refusal', () => service.reports('rec-2').length > 0);
    expect(service.reports('rec-2')).toEqual([
      expect.objectContaining({ state: 'Failed', reason: expect.stringMatching(/must stay free/) }),
    ]);

    await rm(ballast());
    await service.record('rec-3');
    expect((await service.snapshot()).problems.map(({ code }) => code)).not.toContain('diskFloor');
    await until('some video', async () => {
      const { recorder } = await service.snapshot();
      return 'bytes' in recorder && recorder.bytes > 0;
    });
    service.stopRecording('rec-3');
    await until('its end', () => service.reports('rec-3').some(({ state }) => state === 'Recorded'));
  });

  it('keeps what was recorded before somebody else took all the room, and finishes it when there is some', async () => {
    await service.record('rec-1');
    const since = Date.now();
    await until('some video', () => Date.now() > since + 3000);
    const filledAt = Date.now();
    await writeFile(ballast(), Buffer.alloc(await free())).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOSPC') throw error; // the recording was quicker
    });
    await until('the recording to end', () => service.reports('rec-1').some(({ state }) => state === 'Failed'));
    expect(service.reports('rec-1').at(-1)?.reason).toMatch(/disk/);
    expect((await service.snapshot()).problems.map(({ code }) => code)).toContain('diskFloor');
    await rm(ballast());
    // It is tried again every 15 s.
    await until('the video at RWS', () => service.simulator.control.recordings().length > 0, 75_000);
    const { file, endsAt } = await video();
    expect(await probeMedia(file)).toMatchObject({ codec: 'h264', width: 1280, height: 720 });
    expect(filledAt - endsAt).toBeLessThan(2000);
    expect(service.simulator.control.recordings()).toHaveLength(1);
  }, 150_000);
});
