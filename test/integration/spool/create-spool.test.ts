import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeMaterial, probeVideo, slicesOf, type MaterialOptions } from '../../support/recorded-material';
import { createSpoolRig, exampleSegment, filesBelow, mediaOf, record, type SpoolRig } from '../../support/spool-rig';

const MATERIALS: readonly (MaterialOptions & { readonly mimeType: string; readonly codecName: string })[] = [
  { container: 'matroska', codec: 'libx264', seconds: 6, mimeType: 'video/x-matroska;codecs=avc1', codecName: 'h264' },
  { container: 'matroska', codec: 'libx264', seconds: 6, isLive: false, mimeType: 'video/x-matroska;codecs=avc1', codecName: 'h264' },
  { container: 'webm', codec: 'libvpx-vp9', seconds: 6, mimeType: 'video/webm;codecs=vp9', codecName: 'vp9' },
];

describe('a recording in the spool', () => {
  let rig: SpoolRig;
  beforeEach(async () => {
    rig = await createSpoolRig();
  });
  afterEach(() => rig.dispose());

  test.each(MATERIALS)('becomes a checked MP4 with the index in front: $container $codec live=$isLive', async (options) => {
    const material = await makeMaterial(options);
    await record(rig, slicesOf(material, 6), { ...exampleSegment, mimeType: options.mimeType });

    const [job] = rig.jobs;
    expect(rig.jobs).toHaveLength(1);
    if (job === undefined) return;
    const media = await mediaOf(rig, job);
    expect(createHash('sha256').update(media).digest('hex')).toBe(job.sha256);
    expect(media.length).toBe(job.size);
    expect(media.indexOf('moov')).toBeLessThan(media.indexOf('mdat'));
    const file = join(rig.directory, 'probe.mp4');
    await writeFile(file, media);
    expect(await probeVideo(file)).toMatchObject({ codec: options.codecName, frames: 30, width: 320, height: 240 });
    expect(Math.abs((await probeVideo(file)).seconds - 6)).toBeLessThan(0.3);
    expect(job.metadata.mediaFiles[0]).toMatchObject({ type: 'video/mp4', size: String(media.length), sha256: job.sha256 });
    expect([...(await filesBelow(rig.directory)).keys()].sort()).toEqual([
      `jobs/${job.mediaId}.json`,
      `jobs/${job.mediaId}.media`,
      'probe.mp4',
    ]);
  });
});
