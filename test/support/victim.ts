import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from './bundle-program';

/** A program under test/support that is started again and again to be killed. */
export interface Victim {
  /** Starts it, lets it run for `ms` after its first line, kills it, and gives the lines it printed. */
  runAndKill(input: unknown, ms: number): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

/** How many random moments a kill is tried at: more of them in the nightly run. */
export const KILLS = process.env['SRS_NIGHTLY'] === '1' ? 50 : 10;

/** @param name of the source in test/support, without `.ts` */
export async function createVictim(name: string): Promise<Victim> {
  const folder = await mkdtemp(join(tmpdir(), 'srs-victim-'));
  const program = await bundleProgram(name, folder);
  return {
    async runAndKill(input, ms) {
      const child = spawn(process.execPath, [program, JSON.stringify(input)], { stdio: ['ignore', 'pipe', 'inherit'] });
      const lines = collectLines(child);
      const ended = once(child, 'exit');
      await Promise.race([once(child.stdout, 'data'), ended]);
      await new Promise((resolve) => setTimeout(resolve, ms));
      child.kill('SIGKILL');
      await ended;
      return lines();
    },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

function collectLines(child: ChildProcess): () => readonly string[] {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text.split('\n').slice(0, -1);
}
