import type { WorkerListener } from '../../../src/lib/worker-process';
import type { Desk, WindowsListener } from '../../../src/masks/ports';
import { restingAfterFailure, WindowsVisibleWindows, windowsOfSystem } from '../../../src/win32/windows-visible-windows';
import { unknownDesk } from '../../../src/win32/windows-desk';
import type { WindowsRequest } from '../../../src/win32/worker-protocol';

const SCREEN = { x: 0, y: 0, width: 100, height: 100 };
const EMPTY: Desk = { displays: [SCREEN], windows: [] };

/** A worker whose answers a test gives. */
class FakeWorker {
  readonly asked: number[] = [];
  kills = 0;
  answers: (look: number) => readonly unknown[] = (look) => [{ desk: EMPTY }, { looked: look }];
  #listener: WorkerListener | undefined;

  readonly start = (listener: WorkerListener) => {
    this.#listener = listener;
    return Promise.resolve({
      send: ({ look }: WindowsRequest) => {
        this.asked.push(look);
        this.answers(look).forEach((answer) => listener.onMessage(answer));
      },
      kill: () => void (this.kills += 1),
      setBusy: () => undefined,
    });
  };

  say(message: unknown): void {
    this.#listener?.onMessage(message);
  }

  end(): void {
    this.#listener?.onEnd('it ended with 1');
  }
}

describe('the windows that a worker tells', () => {
  let worker: FakeWorker;
  let desks: Desk[];
  let lost: string[];
  const listener = { onDesk: (desk: Desk) => void desks.push(desk), onLost: (reason: string) => void lost.push(reason) };
  const open = (to: WindowsListener = listener) => WindowsVisibleWindows.open(worker.start, to);

  beforeEach(() => {
    worker = new FakeWorker();
    desks = [];
    lost = [];
  });

  it('are known once opened, and told before a look resolves', async () => {
    const windows = await open();
    expect(desks).toEqual([EMPTY]);
    worker.answers = (look) => [{ desk: unknownDesk([SCREEN]) }, { looked: look }];
    await windows.look();
    expect(desks.at(-1)).toEqual(unknownDesk([SCREEN]));
    windows.close();
    expect(worker.kills).toBe(1);
    await expect(windows.look()).rejects.toMatchObject({ code: 'dependencyMissing' });
    expect(lost).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['fails', () => worker.say({ failed: 'refused' })],
    ['ends', () => worker.end()],
    ['talks nonsense', () => worker.say({ desk: { displays: [], windows: [{ id: 'x' }] } })],
    ['says nothing at all that was agreed', () => worker.say('hello')],
  ])('are lost, once, when it %s', async (_what, happen) => {
    const windows = await open();
    worker.answers = () => [];
    const look = windows.look();
    happen();
    happen();
    await expect(look).rejects.toMatchObject({ code: 'dependencyMissing' });
    expect(lost).toHaveLength(1);
    expect(worker.kills).toBe(1);
    worker.say({ desk: EMPTY });
    expect(desks).toHaveLength(1);
  });

  it('do not open when it cannot be started, or fails at once', async () => {
    worker.answers = () => [{ failed: 'refused' }];
    await expect(open()).rejects.toThrow('refused');
    expect(worker.kills).toBe(1);
    await expect(WindowsVisibleWindows.open(() => Promise.reject(new Error('no such file')), listener)).rejects.toThrow('no such file');
  });

  it('are lost when it hangs, and it is killed', async () => {
    const windows = await open();
    worker.answers = () => [];
    await expect(windows.look()).rejects.toThrow('in time');
    expect(worker.kills).toBe(1);
    expect(lost).toHaveLength(1);
  });

  it('are not asked for again at once after a failure', async () => {
    let now = 0;
    const opening = restingAfterFailure(open, () => now);
    const again = () => opening(listener);
    await again();
    worker.end();
    await expect(again()).rejects.toThrow('it ended with 1');
    expect(worker.asked).toHaveLength(1);
    now = 2000;
    await again();
    expect(worker.asked).toHaveLength(2);
  });

  it('are another system’s where this is not Windows', () => {
    const elsewhere = (to: WindowsListener) => open(to);
    expect(windowsOfSystem('linux', worker.start, elsewhere)).toBe(elsewhere);
    expect(windowsOfSystem('win32', worker.start, elsewhere)).not.toBe(elsewhere);
  });
});
