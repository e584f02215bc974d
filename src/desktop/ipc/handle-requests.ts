import type { IpcMain, IpcMainInvokeEvent, WebFrameMain } from 'electron';
import type * as z from 'zod';
import type { Logger } from '../../lib/logger';
import type { WindowRequests } from '../../shared/ipc-contract';
import { REQUEST_SCHEMAS } from './schemas';

export type RequestHandlers = { readonly [C in keyof WindowRequests]: (...args: Parameters<WindowRequests[C]>) => Answer<C> };
type Answer<C extends keyof WindowRequests> = ReturnType<WindowRequests[C]> | Promise<ReturnType<WindowRequests[C]>>;

export interface HandleRequestsDeps {
  readonly ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'>;
  /** The only frame that may ask: the status window's own. */
  readonly trustedFrame: () => WebFrameMain | undefined;
  readonly handlers: RequestHandlers;
  readonly log: Logger;
}

/** The one place where requests of a page come in. A stranger or a wrong argument is refused before any handler runs. */
export function handleRequests({ ipcMain, trustedFrame, handlers, log }: HandleRequestsDeps): () => void {
  const channels = Object.keys(REQUEST_SCHEMAS) as (keyof WindowRequests)[];
  const register = <C extends keyof WindowRequests>(channel: C): void => {
    const schema: z.ZodType<Parameters<WindowRequests[C]>> = REQUEST_SCHEMAS[channel];
    ipcMain.handle(channel, async (event: IpcMainInvokeEvent, ...args: unknown[]) => {
      const trusted = trustedFrame();
      if (trusted === undefined || event.senderFrame !== trusted) {
        log.warn('a request from a foreign frame was refused', { channel });
        throw new Error(`${channel}: refused`);
      }
      const parsed = schema.safeParse(args);
      if (!parsed.success) {
        log.warn('a request with wrong arguments was refused', { channel });
        throw new Error(`${channel}: wrong arguments`);
      }
      return handlers[channel](...parsed.data);
    });
  };
  channels.forEach(register);
  return () => channels.forEach((channel) => ipcMain.removeHandler(channel));
}
