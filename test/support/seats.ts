import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { canBeOtherUser } from './other-user';

const ANSWER_MS = 15_000;

/** A process of one user of the computer: their service, or their agent desktop (`seat-program.ts`). */
export class SeatProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #lastId = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error('the process has no output');
    createInterface(child.stdout).on('line', (line) => this.#receive(line));
    child.once('exit', (code) => this.#fail(new Error(`the process ended with ${code}`)));
    child.stdin?.on('error', () => undefined); // it has ended, which is told above
  }

  static async start(program: string, kind: 'service' | 'desktop', uid: number, env: NodeJS.ProcessEnv): Promise<SeatProcess> {
    const via = canBeOtherUser ? ['setpriv', '--reuid', String(uid), '--regid', String(uid), '--clear-groups'] : [];
    const [command = '', ...args] = [...via, process.execPath, program, kind];
    const child = spawn(command, args, { cwd: '/', env: { ...env, PATH: process.env['PATH'] }, stdio: ['pipe', 'pipe', 'inherit'] });
    const seat = new SeatProcess(child);
    await seat.#wait(0);
    return seat;
  }

  ask<T>(task: string, value: unknown = null): Promise<T> {
    const id = (this.#lastId += 1);
    this.#child.stdin?.write(`${JSON.stringify({ id, task, value })}\n`);
    return this.#wait(id) as Promise<T>;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  #wait(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the process did not answer question ${id}`)), ANSWER_MS);
      const settled = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        resolve: (value) => (settled(), resolve(value)),
        reject: (error) => (settled(), reject(error)),
      });
    });
  }

  #receive(line: string): void {
    const { id, value, error } = JSON.parse(line) as { readonly id: number; readonly value?: unknown; readonly error?: string };
    if (error === undefined) this.#waiting.get(id)?.resolve(value);
    else this.#waiting.get(id)?.reject(new Error(error));
  }

  #fail(error: Error): void {
    for (const { reject } of [...this.#waiting.values()]) reject(error);
  }
}
