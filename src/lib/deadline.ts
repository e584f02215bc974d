import type { Clock } from './clock';
import { isAppError } from '../shared/errors';
import { RwsError } from '../shared/rws-error';

/** What a cancelled task may take to leave nothing half done behind. */
export const GRACE_MS = 1500;

/**
 * Runs a task that must end within `ms`. The task gets a signal that fires then, or when `parent` does, and a short grace; a task that
 * ignores both is left behind. Throws `RwsError` `unavailable` for the deadline.
 */
export async function withDeadline<T>(
  clock: Clock,
  { ms, what, parent }: { readonly ms: number; readonly what: string; readonly parent?: AbortSignal },
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onParentAbort = (): void => controller.abort(parent?.reason);
  parent?.addEventListener('abort', onParentAbort, { once: true });
  if (parent?.aborted) onParentAbort();
  const tooLate = (): RwsError =>
    new RwsError({ kind: 'unavailable', statusMessage: `${what} did not succeed within ${Math.round(ms / 100) / 10} s.` });
  let isLate = false;
  let onLate: () => void = () => undefined;
  const left = new Promise<never>((_resolve, reject) => (onLate = () => reject(tooLate())));
  let timer = clock.after(Math.max(0, ms), () => {
    isLate = true;
    controller.abort();
    timer = clock.after(GRACE_MS, onLate);
  });
  try {
    return await Promise.race([task(controller.signal), left]);
  } catch (error) {
    throw isLate && isAppError(error, 'aborted') ? tooLate() : error;
  } finally {
    timer.cancel();
    parent?.removeEventListener('abort', onParentAbort);
  }
}
