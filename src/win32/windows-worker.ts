import { workerParent } from '../lib/worker-parent';
import { FollowedWindows } from './followed-windows';
import { loadNativeFunctions } from './native-functions';
import { NativeWindowsSystem } from './native-windows-system';
import { requestSchema, type WindowsAnswer } from './worker-protocol';

/**
 * The program `dist/windows-worker.js`: the one process of the product that asks Windows for the windows of all programs, since such a question
 * may never be answered. It tells every state, answers looks, and ends with its parent.
 */
const FOLLOW_MS = 10;

const parent = workerParent((message) => void receive(message));
const windows = follow();

async function follow(): Promise<FollowedWindows> {
  const system = new NativeWindowsSystem(await loadNativeFunctions());
  const followed = new FollowedWindows(
    system,
    () => performance.now(),
    (desk) => parent.post({ desk } satisfies WindowsAnswer),
  );
  setInterval(() => attempt(() => followed.follow()), FOLLOW_MS);
  return followed;
}

async function receive(message: unknown): Promise<void> {
  try {
    const { look } = requestSchema.parse(message);
    const followed = await windows;
    followed.look();
    parent.post({ looked: look } satisfies WindowsAnswer);
  } catch (error) {
    fail(error);
  }
}

windows.catch(fail);

function attempt(task: () => void): void {
  try {
    task();
  } catch (error) {
    fail(error);
  }
}

/** The parent ends this process when it hears of it. */
function fail(error: unknown): void {
  parent.post({ failed: error instanceof Error ? error.message : String(error) } satisfies WindowsAnswer);
}
