import type { RequestHandler } from 'express';
import { simulatorState } from './simulator-state';
import type { SimulatorControl } from '../simulator-control';

const KEEP_ALIVE_MS = 15_000;

/** Server-sent events: the whole state now, and again after every change; changes of one turn go out as one. */
export function streamState(control: SimulatorControl, hasScreen: boolean): RequestHandler {
  return (_request, response) => {
    response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    let isDue = false;
    const send = (): void => {
      isDue = false;
      response.write(`data: ${JSON.stringify(simulatorState(control, hasScreen))}\n\n`);
    };
    const unsubscribe = control.onChange(() => {
      if (!isDue) setImmediate(send);
      isDue = true;
    });
    const keepAlive = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS);
    response.once('close', () => {
      unsubscribe();
      clearInterval(keepAlive);
    });
    send();
  };
}
