import { DeadLinks } from '../../../src/upload/dead-links';
import { FakeClock } from '../../fakes/fake-clock';

const A = 'https://a.example.com';
const B = 'https://b.example.com';

describe('dead links', () => {
  const create = (): { links: DeadLinks; clock: FakeClock; waits: (times: number) => Promise<number[]> } => {
    const clock = new FakeClock();
    const links = new DeadLinks({ clock, random: () => 0.5 });
    const waits = async (times: number): Promise<number[]> => {
      const waited: number[] = [];
      for (let time = 0; time < times; time += 1) {
        links.noteDown(A, 'refused');
        const wait = (links.of(A)?.until ?? 0) - clock.now();
        waited.push(wait);
        await clock.advance(wait);
      }
      return waited;
    };
    return { links, clock, waits };
  };

  it('wait longer each time, each server for itself', async () => {
    const { links, waits, clock } = create();
    const waited = await waits(12);
    expect(waited.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    expect(waited.at(-1)).toBe(150_000);
    expect(links.of(B)).toBeUndefined();
    links.noteDown(B, 'refused');
    expect(links.of(B)?.until).toBe(clock.now() + 1_000);
  });

  it('remember since when, through tries and requests, until the server answers', async () => {
    const { links, waits, clock } = create();
    const since = clock.now();
    await waits(3);
    links.tryNow();
    expect(links.of(A)).toEqual({ reason: 'refused', since, until: 0 });
    expect((await waits(1))[0]).toBe(1_000);
    expect(links.of(A)?.since).toBe(since);
    links.noteUp(A);
    expect(links.of(A)).toBeUndefined();
  });
});
