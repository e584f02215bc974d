import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { QuitCoordinator } from '../../../../src/desktop/life/quit-coordinator';
import { silentLogger } from '../../../../src/lib/logger';
import { settle } from '../../../fakes/fake-clock';

function create(options: { allowQuit?: boolean; isRecording?: boolean; answer?: Promise<boolean>; failure?: Error } = {}) {
  const calls: string[] = [];
  const emitter = new EventEmitter();
  const app = Object.assign(emitter, {
    quit: () => {
      const event = { isPrevented: false, preventDefault: () => (event.isPrevented = true) };
      emitter.emit('before-quit', event);
      calls.push(event.isPrevented ? 'quit prevented' : 'quit');
    },
  });
  const coordinator = new QuitCoordinator({
    app: app as unknown as Pick<App, 'on' | 'quit'>,
    allowQuit: () => options.allowQuit ?? true,
    isRecording: () => options.isRecording ?? false,
    confirm: () => {
      calls.push('asked');
      return options.answer ?? Promise.resolve(false);
    },
    stop: async () => {
      calls.push('stop');
      if (options.failure) throw options.failure;
    },
    log: silentLogger,
  });
  coordinator.start();
  return { app, calls, coordinator };
}

describe('starting again', () => {
  it.each([
    [false, true, ['relaunch', 'stop', 'quit']],
    [true, true, ['asked', 'relaunch', 'stop', 'quit']],
    [true, false, ['asked']],
  ])('while recording: %s, confirmed: %s', async (isRecording, answer, expected) => {
    const { calls, coordinator } = create({ isRecording, answer: Promise.resolve(answer), allowQuit: false });
    await coordinator.restart(() => void calls.push('relaunch'));
    expect(calls).toEqual(expected);
  });
});

describe('quitting', () => {
  it('stops everything before the process ends, however it is asked for', async () => {
    const { app, calls } = create();
    app.quit();
    await settle();
    expect(calls).toEqual(['quit prevented', 'stop', 'quit']);
  });

  it('ends even when stopping fails', async () => {
    const { calls, coordinator } = create({ failure: new Error('stuck') });
    await coordinator.request('user');
    expect(calls).toEqual(['stop', 'quit']);
  });

  it.each([
    [false, ['asked']],
    [true, ['asked', 'stop', 'quit']],
  ])('asks while a recording runs; the answer %s gives %j', async (answer, expected) => {
    const { calls, coordinator } = create({ isRecording: true, answer: Promise.resolve(answer) });
    await coordinator.request('user');
    expect(calls).toEqual(expected);
  });

  it('takes a question that fails for a no', async () => {
    const { calls, coordinator } = create({ isRecording: true, answer: Promise.reject(new Error('no dialog')) });
    await coordinator.request('user');
    expect(calls).toEqual(['asked']);
  });

  it('does not ask the system, not even with a question open, and stops once', async () => {
    const { calls, coordinator } = create({ isRecording: true, answer: new Promise(() => undefined) });
    void coordinator.request('user');
    await Promise.all([coordinator.request('system'), coordinator.request('system')]);
    expect(calls).toEqual(['asked', 'stop', 'quit']);
  });

  it('is refused to a person where it is switched off, and not to the system', async () => {
    const { calls, coordinator } = create({ allowQuit: false });
    await coordinator.request('user');
    expect(calls).toEqual([]);
    await coordinator.request('system');
    expect(calls).toEqual(['stop', 'quit']);
  });
});
