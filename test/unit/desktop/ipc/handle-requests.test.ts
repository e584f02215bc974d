import type { IpcMain, WebFrameMain } from 'electron';
import { handleRequests } from '../../../../src/desktop/ipc/handle-requests';
import { silentLogger } from '../../../../src/lib/logger';
import { sampleSnapshot } from '../../../fixtures/snapshots';

type Handler = (event: { senderFrame: unknown }, ...args: unknown[]) => Promise<unknown>;

function create() {
  const registered = new Map<string, Handler>();
  const calls: unknown[] = [];
  const trusted = {} as WebFrameMain;
  const stop = handleRequests({
    ipcMain: {
      handle: (channel: string, handler: unknown) => void registered.set(channel, handler as Handler),
      removeHandler: (channel: string) => void registered.delete(channel),
    } satisfies Pick<IpcMain, 'handle' | 'removeHandler'>,
    trustedFrame: () => trusted,
    handlers: {
      'window:begin': () => ({ snapshot: sampleSnapshot(), locale: 'en', messages: {} as never }),
      'action:run': (action) => void calls.push(action),
      'upload:retry': (mediaId) => void calls.push(mediaId),
    },
    log: silentLogger,
  });
  const send = (channel: string, args: readonly unknown[], senderFrame: unknown = trusted): Promise<unknown> =>
    registered.get(channel)?.({ senderFrame }, ...args) ?? Promise.reject(new Error('no such channel'));
  return { send, calls, stop, registered };
}

describe('requests of a page', () => {
  it('reach their handlers', async () => {
    const { send, calls } = create();
    await send('action:run', ['openLogs']);
    await send('upload:retry', ['media-1']);
    expect(calls).toEqual(['openLogs', 'media-1']);
    expect(await send('window:begin', [])).toMatchObject({ locale: 'en' });
  });

  it.each([
    ['action:run', []],
    ['action:run', ['quit']],
    ['action:run', ['openLogs', 'more']],
    ['action:run', [{ toString: 'openLogs' }]],
    ['upload:retry', ['../../etc/passwd']],
    ['upload:retry', [1]],
    ['window:begin', ['more']],
  ])('are refused with wrong arguments: %s %j', async (channel, args) => {
    const { send, calls } = create();
    await expect(send(channel, args)).rejects.toThrow('wrong arguments');
    expect(calls).toEqual([]);
  });

  it.each([[null], [{}], [undefined]])('are refused from another frame: %j', async (frame) => {
    const { registered, calls } = create();
    await expect(registered.get('action:run')?.({ senderFrame: frame }, 'openLogs')).rejects.toThrow('refused');
    expect(calls).toEqual([]);
  });

  it('are no longer heard after the end', () => {
    const { stop, registered } = create();
    stop();
    expect(registered.size).toBe(0);
  });
});
