import { Readable } from 'node:stream';
import { metered } from '../../../src/upload/metered';
import { FakeClock, settle } from '../../fakes/fake-clock';

const BYTES_PER_MS = 1_000;
const TOTAL = 20_000_000;
/** What waits in streams on the way. */
const BUFFERED = 200_000;

describe('a limited stream', () => {
  it('keeps to its rate, after a line that stood still too', async () => {
    const clock = new FakeClock();
    let sent = 0;
    const source = Readable.from([Buffer.alloc(TOTAL)], { objectMode: false });
    const onProgress = (bytes: number): void => void (sent = bytes);
    const stream = metered(source, { kilobitsPerSecond: () => BYTES_PER_MS * 8, clock, offset: 0, onProgress });
    stream.resume();
    await clock.advance(2_000);
    expect(Math.abs(sent - 2_000 * BYTES_PER_MS)).toBeLessThan(BUFFERED);

    stream.pause();
    await clock.advance(60_000);
    const stalledAt = sent;
    stream.resume();
    await settle();
    expect(sent - stalledAt).toBeLessThan(BUFFERED);
    await clock.advance(2_000);
    expect(Math.abs(sent - stalledAt - 2_000 * BYTES_PER_MS)).toBeLessThan(BUFFERED);
    stream.destroy();
  });

  it.each([-45_000, 45_000])('flows on, no faster, when the clock is set by %d ms', async (ms) => {
    const clock = new FakeClock();
    let sent = 0;
    const source = Readable.from([Buffer.alloc(TOTAL)], { objectMode: false });
    const onProgress = (bytes: number): void => void (sent = bytes);
    const stream = metered(source, { kilobitsPerSecond: () => BYTES_PER_MS * 8, clock, offset: 0, onProgress });
    stream.resume();
    await clock.advance(1_000);
    clock.set(clock.now() + ms);
    await clock.advance(1_000);
    expect(Math.abs(sent - 2_000 * BYTES_PER_MS)).toBeLessThan(BUFFERED);
    stream.destroy();
  });
});
