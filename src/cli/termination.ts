import { EXIT_FAILED } from '../shared/exit-codes';

/** Resolves at the first SIGTERM, SIGINT or SIGHUP (the terminal was closed). A second one ends the process at once. */
export function terminationRequested(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(EXIT_FAILED));
        resolve(signal);
      });
    }
  });
}
