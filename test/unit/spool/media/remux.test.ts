import { cutAtBlock, walkBlocks, type ByteSource } from '../../../../src/spool/media/ebml-walk';
import { remuxToMp4 } from '../../../../src/spool/media/remux';
import { makeMaterial, type MaterialOptions } from '../../../support/recorded-material';

const MATERIALS: readonly MaterialOptions[] = [
  { container: 'matroska', codec: 'libx264', seconds: 4 },
  { container: 'matroska', codec: 'libx264', seconds: 4, isLive: false },
  { container: 'webm', codec: 'libvpx-vp9', seconds: 4 },
];

function sourceOf(bytes: Buffer): ByteSource {
  return { size: bytes.length, read: (start, end) => Promise.resolve(bytes.subarray(start, end)) };
}

describe.each(MATERIALS)('a $container/$codec recording, live=$isLive', (options) => {
  let material: Buffer;
  beforeAll(async () => {
    material = await makeMaterial(options);
  });

  it('is remuxed with every whole frame, wherever it was cut', async () => {
    let last = 0;
    for (let cut = 1; cut <= 24; cut += 1) {
      const source = sourceOf(material.subarray(0, Math.floor((material.length * cut) / 24)));
      const walked = await walkBlocks(source);
      expect(walked.blocks).toBeGreaterThanOrEqual(last);
      expect(walked.wholeEnd).toBeLessThanOrEqual(source.size);
      last = walked.blocks;
      const remuxed = remuxToMp4(source, { write: () => Promise.resolve() });
      if (walked.blocks === 0) await expect(remuxed).rejects.toThrow('no whole video block');
      else expect((await remuxed).frames).toBe(walked.blocks);
    }
    expect(last).toBe(20);
  });

  it('reads the same in small pieces as at once', async () => {
    const source = sourceOf(material.subarray(0, Math.floor(material.length / 2)));
    const cut = cutAtBlock(source, await walkBlocks(source));
    const whole = await cut.read(0, cut.size);
    for (const size of [1, 7, 64]) {
      for (let at = 0; at < Math.min(cut.size, 2000); at += size) {
        const end = Math.min(cut.size, at + size);
        expect([...(await cut.read(at, end))]).toEqual([...whole.subarray(at, end)]);
      }
    }
  });
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(1000)],
  ['ones', Buffer.alloc(1000, 0xff)],
  ['text', Buffer.from('<html>'.repeat(100))],
])('%s is no recording', async (_name, bytes) => {
  expect((await walkBlocks(sourceOf(bytes))).blocks).toBe(0);
  await expect(remuxToMp4(sourceOf(bytes), { write: () => Promise.resolve() })).rejects.toThrow();
});
