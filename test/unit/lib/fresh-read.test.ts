import { FreshRead } from '../../../src/lib/fresh-read';

describe('FreshRead', () => {
  it('gives whoever asks during a read the next one, which all of them share', async () => {
    const ends: ((error?: Error) => void)[] = [];
    const reads = new FreshRead(
      () =>
        new Promise<number>((resolve, reject) => {
          const number = ends.length + 1;
          ends.push((error) => (error === undefined ? resolve(number) : reject(error)));
        }),
    );
    const first = reads.get();
    const second = [reads.get(), reads.get()];
    expect(ends).toHaveLength(1);
    ends[0]?.();
    expect(await first).toBe(1);
    await Promise.resolve();
    expect(ends).toHaveLength(2);
    const third = reads.get();
    ends[1]?.(new Error('away'));
    await Promise.all(second.map((read) => expect(read).rejects.toThrow('away')));
    await Promise.resolve();
    ends[2]?.();
    expect(await third).toBe(3);
  });
});
