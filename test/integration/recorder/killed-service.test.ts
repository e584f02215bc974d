import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromRwsTime } from '../../../src/shared/rws-time';
import { clearVideoBelow, clearVideoIn } from '../../support/clear-video';
import { probeMedia } from '../../support/media-file';
import { BLUE, GREEN, RED } from '../../support/painted-screen';
import { makeMaterial } from '../../support/recorded-material';
import { ServiceOnScreen } from '../../support/service-on-screen';
import { until } from '../../support/until';

/** Each kill takes a service and a browser to start: few here, more in the nightly run. */
const KILLS = process.env['SRS_NIGHTLY'] === '1' ? 50 : 5;
const ROUND_MS = 20_000;
const MOST_LOST_MS = 2000;
const WHOLE_SCREEN = { x: 0, y: 0, width: 1280, height: 720 };

interface Kill {
  readonly recordingId: string;
  readonly recordingSince: number;
  readonly at: number;
}

/** What RWS has of a recording: each media file's first and last moment, in epoch milliseconds. */
function videosOf(service: ServiceOnScreen, recordingId: string): { mediaId: string; from: number; to: number }[] {
  const recordings = service.simulator.control.recordings().filter((recording) => recording.recordingId === recordingId);
  return recordings.map(({ mediaId, metadata }) => {
    const [media] = (metadata as { mediaFiles: { startTime: string; duration: string }[] }).mediaFiles;
    const from = fromRwsTime(media?.startTime ?? '') ?? 0;
    return { mediaId, from, to: from + Number(media?.duration) };
  });
}

describe('the service, killed while it records', () => {
  let service: ServiceOnScreen;
  beforeAll(async () => {
    service = await ServiceOnScreen.create();
  });
  afterAll(() => service.dispose());

  /** Something new on the screen ten times a second, until the time has come. */
  const paintUntil = async (due: number): Promise<void> => {
    for (let turn = 0; Date.now() < due; turn += 1) {
      await service.screen.paint([RED, GREEN, BLUE][turn % 3]!, WHOLE_SCREEN);
      await new Promise((resolve) => setTimeout(resolve, Math.min(100, Math.max(0, due - Date.now()))));
    }
  };

  it(
    `at ${KILLS} random moments: at most two seconds lost, every file playable, none twice, nothing clear on disk`,
    async () => {
      const kills: Kill[] = [];
      for (let round = 0; round < KILLS; round += 1) {
        const recordingId = `kill-${round}`;
        await service.start();
        await service.record(recordingId);
        const recordingSince = Date.now();
        await paintUntil(recordingSince + Math.random() * 5000);
        const at = Date.now();
        await service.kill();
        kills.push({ recordingId, recordingSince, at });
        expect(await clearVideoBelow(service.dataDirectory)).toEqual([]);
      }
      await service.start();
      await until('an empty queue', async () => (await service.snapshot()).uploads.jobs.length === 0, 60_000);
      for (const { recordingId, recordingSince, at } of kills) {
        const videos = videosOf(service, recordingId);
        expect(videos.length).toBeLessThanOrEqual(1);
        const recordedTo = videos[0]?.to ?? recordingSince;
        expect(at - recordedTo).toBeLessThanOrEqual(MOST_LOST_MS);
        if (videos[0] === undefined) continue;
        const file = service.simulator.control.mediaPath(videos[0].mediaId) ?? '';
        expect(await probeMedia(file)).toMatchObject({ codec: 'h264', width: 1280, height: 720 });
      }
      expect(service.simulator.control.recordings().length).toBeGreaterThan(KILLS / 3);
      expect(await readdir(join(service.dataDirectory, 'spool/recordings'))).toEqual([]);
      expect(await readdir(join(service.dataDirectory, 'spool/jobs'))).toEqual([]);
      expect(await readdir(join(service.dataDirectory, 'spool/damaged'))).toEqual([]);
    },
    (KILLS + 2) * ROUND_MS,
  );

  it('and what looks for clear video finds it where it is', async () => {
    const [video] = service.simulator.control.recordings();
    const mp4 = await readFile(service.simulator.control.mediaPath(video?.mediaId ?? '') ?? '');
    expect(clearVideoIn(mp4)).toEqual(expect.arrayContaining(['an MP4 head', 'an MP4 index', 'an H.264 configuration']));
    const matroska = await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 2 });
    expect(clearVideoIn(matroska)).toEqual(expect.arrayContaining(['an EBML head', 'a Matroska type', 'a Matroska cluster']));
  });
});
