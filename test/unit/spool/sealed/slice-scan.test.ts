import type { FileHandle } from 'node:fs/promises';
import { createSealer } from '../../../../src/spool/sealed/sealer';
import { encodeHead, encodeHeader, sliceLabel } from '../../../../src/spool/sealed/slice-format';
import { scanSlices } from '../../../../src/spool/sealed/slice-scan';

const ID = 'media-1';
const sealer = createSealer(Buffer.alloc(32, 7));
const HEAD = encodeHead(ID, 'wrapped');

function record(number: number, clear = Buffer.alloc(100, number), id = ID): Buffer {
  const sealed = sealer.seal(sliceLabel(id, number), clear);
  return Buffer.concat([encodeHeader(number, sealed.length), sealed]);
}

function fileOf(bytes: Buffer, badFrom = Infinity): FileHandle {
  const file: Pick<FileHandle, 'stat' | 'read'> = {
    stat: (() => Promise.resolve({ size: bytes.length })) as unknown as FileHandle['stat'],
    read: ((buffer: Buffer, offset: number, length: number, position: number) => {
      if (position + length > badFrom) return Promise.reject(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5 }));
      return Promise.resolve({ bytesRead: bytes.copy(buffer, offset, position, position + length), buffer });
    }) as unknown as FileHandle['read'],
  };
  return file as FileHandle;
}

const whole = [0, 1, 2, 3].map((number) => record(number));
const scan = (parts: readonly Buffer[], written?: number): ReturnType<typeof scanSlices> =>
  scanSlices(fileOf(Buffer.concat(parts)), sealer, ID, written);

describe('the slices of a file', () => {
  it.each([
    ['whole', whole, 4, [0, 1, 2, 3], 0],
    ['never closed', whole, undefined, [0, 1, 2, 3], 0],
    ['one more than was said to be durable', [...whole, record(4)], 4, [0, 1, 2, 3, 4], 0],
    ['fewer than written', whole.slice(0, 2), 4, [0, 1], 2],
    ['none, though some were written', [], 3, [], 3],
    ['none was written', [], 0, [], 0],
    ['never closed, the last one torn', [...whole, record(4).subarray(0, 60)], undefined, [0, 1, 2, 3], 0],
    ['never closed, a torn header', [...whole, record(4).subarray(0, 9)], undefined, [0, 1, 2, 3], 0],
    ['never closed, room for one that holds nothing', [...whole, Buffer.alloc(400)], undefined, [0, 1, 2, 3], 0],
    ['closed, with what a failed write left behind them', [...whole, Buffer.alloc(50, 9)], 4, [0, 1, 2, 3], 0],
    [
      'never closed, a last one that does not open and something behind it',
      [...whole, bad(4), Buffer.alloc(9)],
      undefined,
      [0, 1, 2, 3],
      1,
    ],
    ['never closed, two that do not open', [...whole.slice(0, 2), bad(2), bad(3)], undefined, [0, 1], 1],
    ['of another recording in between', [whole[0]!, record(1, undefined, 'other'), ...whole.slice(2)], 4, [0, 2, 3], 1],
    ['the first one missing', whole.slice(1), 4, [1, 2, 3], 1],
  ])('%s', async (_what, parts, written, found, lost) => {
    const { slices, lostSlices, size } = await scan([HEAD, ...parts], written);
    expect(slices.map(({ number }) => number)).toEqual(found);
    expect({ lostSlices, size }).toEqual({ lostSlices: lost, size: found.length * 100 });
  });

  it.each([0, HEAD.length + 5, HEAD.length + 170, HEAD.length + 400])('EIO from byte %d on is a disk error, not damage', async (from) => {
    await expect(scanSlices(fileOf(Buffer.concat([HEAD, ...whole]), from), sealer, ID)).rejects.toMatchObject({ code: 'EIO' });
  });

  it('are found behind a megabyte of anything, wherever its windows end', async () => {
    for (const length of [1024 * 1024 - 16, 1024 * 1024 - 7, 1024 * 1024, 3 * 1024 * 1024 + 1]) {
      const { slices } = await scan([HEAD, whole[0]!, Buffer.alloc(length, 0xf5), ...whole.slice(1)], 4);
      expect(slices).toHaveLength(4);
    }
  });
});

function bad(number: number): Buffer {
  const bytes = record(number);
  bytes[50] = (bytes[50] ?? 0) ^ 1;
  return bytes;
}
