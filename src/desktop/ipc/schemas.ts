import * as z from 'zod';
import { WINDOW_ACTIONS } from '../../shared/actions';
import type { WindowRequests } from '../../shared/ipc-contract';

/** What each request of the window may carry. The type holds that no channel is forgotten and no argument goes unchecked. */
export const REQUEST_SCHEMAS: { readonly [C in keyof WindowRequests]: z.ZodType<Parameters<WindowRequests[C]>> } = {
  'window:begin': z.tuple([]),
  'action:run': z.tuple([z.enum(WINDOW_ACTIONS)]),
  'upload:retry': z.tuple([z.string().regex(/^[\w.-]{1,200}$/)]),
};
