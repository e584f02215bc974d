import type { ChaosWorld } from './chaos-world';
import type { Evidence } from './evidence';

const EVERY_MS = 300;
/** No call takes longer, whatever RWS and the keychain do. */
const LONGEST_CALL_MS = 60_000;
const OTHER: Readonly<Record<string, string>> = { ann: 'bob', bob: 'ann' };

/** What an agent's desktop does: it signs in, polls, and signs in again when it is told to. It also looks at what the service shows. */
export class AgentDesktop {
  readonly #world: ChaosWorld;
  readonly #looks: Evidence['looks'][number][] = [];
  readonly #failed = new Set<string>();
  readonly #violations: string[] = [];
  #agent = 'ann';
  #isSignedOut = false;
  #isOver = false;
  #polling: Promise<void> | undefined;
  #looking: Promise<void> | undefined;

  constructor(world: ChaosWorld) {
    this.#world = world;
  }

  get agent(): string {
    return this.#agent;
  }

  get looks(): Evidence['looks'] {
    return this.#looks;
  }

  get failed(): ReadonlySet<string> {
    return this.#failed;
  }

  get violations(): readonly string[] {
    return this.#violations;
  }

  /** As it was shown last. */
  get recordingId(): string | undefined {
    const recorder = this.#looks.at(-1)?.recorder;
    return recorder !== undefined && 'recordingId' in recorder ? recorder.recordingId : undefined;
  }

  start(): void {
    this.#polling ??= this.#again(() => this.#poll());
    this.#looking ??= this.#again(() => this.#look());
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all([this.#polling, this.#looking]);
  }

  /** Another agent takes the seat. */
  changeAgent(): void {
    this.#agent = OTHER[this.#agent] ?? 'ann';
    this.#isSignedOut = true;
    this.comeBack();
  }

  async logOut(): Promise<void> {
    this.#isSignedOut = true;
    await this.#ask('/api/v2/me', 'POST', JSON.stringify({ operationName: 'EndContactCenterSession' }));
    setTimeout(() => this.comeBack(), 2000).unref();
  }

  comeBack(): void {
    this.#isSignedOut = false;
  }

  async #poll(): Promise<void> {
    if (this.#isSignedOut) return;
    const { status } = await this.#ask('/ping');
    if (status === 401 && !this.#isSignedOut) await this.#ask('/api/v2/me');
  }

  async #look(): Promise<void> {
    const { session, recorder, history } = await this.#timed('/status', this.#world.snapshot());
    this.#looks.push({ at: Date.now(), session, recorder });
    for (const { event, recordingId } of history) if (event === 'failed') this.#failed.add(recordingId);
  }

  #ask(path: string, method?: string, body?: string): Promise<{ readonly status: number }> {
    return this.#timed(path, this.#world.ask(this.#agent, path, method, body));
  }

  async #timed<T>(what: string, call: Promise<T>): Promise<T> {
    const begun = Date.now();
    const late = setTimeout(() => this.#violations.push(`a call does not end: ${what}`), LONGEST_CALL_MS);
    try {
      return await call;
    } finally {
      clearTimeout(late);
      if (Date.now() - begun > LONGEST_CALL_MS) this.#violations.push(`a call took ${Date.now() - begun} ms: ${what}`);
    }
  }

  async #again(task: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      await task().catch(() => undefined); // The service is not there, or not well.
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}
