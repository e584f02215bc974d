import { rm } from 'node:fs/promises';

interface Running {
  /** All its files. */
  readonly directory: string;
  dispose(): Promise<void>;
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Whoever ends a run by Ctrl+C or kill finds no service, disk or network of it left. @returns what takes it back */
export function endOnSignal(world: Running): () => void {
  const undo = Object.entries(SIGNALS).map(([signal, exitCode]) => {
    const end = async (): Promise<void> => {
      // The run goes on for a moment, and finds its screen and network gone.
      process.on('unhandledRejection', () => undefined);
      await world.dispose().catch(() => undefined); // What could be ended is.
      await rm(world.directory, { recursive: true, force: true }).catch(() => undefined);
      process.exit(exitCode);
    };
    const onSignal = (): void => void end();
    process.once(signal, onSignal);
    return () => process.off(signal, onSignal);
  });
  return () => undo.forEach((step) => void step());
}
