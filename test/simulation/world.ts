import { configSchema, type Configuration } from '../../src/config/schema';
import { createLogger, type Logger } from '../../src/lib/logger';
import { Secret } from '../../src/lib/secret';
import { createService, type ComposedService } from '../../src/service/create-service';
import type { Snapshot } from '../../src/shared/snapshot';
import { Ledger } from './ledger';
import type { Step } from './plan';
import { SeededRandom } from './random';
import { SimulatedCapture, type Span } from './simulated-capture';
import { SimulatedClock } from './simulated-clock';
import { SimulatedDisk } from './simulated-disk';
import { SimulatedKeychain } from './simulated-keychain';
import { SimulatedProcess } from './simulated-process';
import { SimulatedRws } from './simulated-rws';
import { perform } from './steps';

export const AGENTS = ['ann', 'bob'] as const;
const POLL_MS = 20_000;
/** More than the longest wait of an upload. */
const QUIET_MS = 400_000;
const REST_LOOK_MS = 4000;
const RESTART_MS = 20;
/** `upload.afterLogoutMinutes`, and some. */
const FORGOTTEN_AFTER_MS = 2_000_000;

/** One computer, its agents and RWS, all of one seed. */
export class World {
  readonly random: SeededRandom;
  readonly clock = new SimulatedClock();
  readonly disk: SimulatedDisk;
  readonly keychain = new SimulatedKeychain();
  readonly rws = new SimulatedRws(new Map(AGENTS.map((name) => [name, `password-of-${name}`])));
  readonly log: string[] = [];
  /** What the encoder gave the program, whoever of its lives it was. */
  readonly given: Span[] = [];
  readonly ledger: Ledger;
  readonly config: Configuration;
  /** Who sits at the desk. */
  agent: string | undefined = AGENTS[0];
  process: SimulatedProcess;
  capture: SimulatedCapture;
  composed: ComposedService;
  /** Waits that callers of the service have not seen the end of. */
  #calls = new Map<string, number>();
  #isLoggingIn = false;
  /** Of keys, nonces and names, apart from what happens. */
  readonly #secrets: SeededRandom;
  #ids = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed ^ 0x5eed);
    this.#secrets = new SeededRandom(seed ^ 0x5ec2e7);
    this.disk = new SimulatedDisk(this.random, () => this.clock.now());
    this.config = {
      ...configSchema.parse({
        server: 'https://rws.example',
        pingTimeoutSeconds: 60,
        recording: { pauseMode: this.random.pick(['black', 'cut']), segmentMinutes: this.random.pick([60, 0.25]) },
        spool: { minFreeMegabytes: 1 },
        upload: { byAnyAgent: this.random.chance(0.7) },
      }),
      dataDirectory: '/data',
    };
    this.ledger = new Ledger(this);
    [this.process, this.capture, this.composed] = this.#compose();
  }

  note(text: string): void {
    this.log.push(`${this.#seconds()} ${text}`);
  }

  async run(plan: readonly Step[]): Promise<readonly string[]> {
    this.#start();
    this.#keepDesk();
    await this.clock.advance(1000);
    for (const step of plan) {
      await this.pass(step.afterMs);
      await perform(this, step);
    }
    await this.#comeToRest();
    return this.ledger.judge();
  }

  /** Time passes, and is looked at often enough. */
  async pass(ms: number, lookEveryMs = 500): Promise<void> {
    for (let left = ms; left > 0; left -= lookEveryMs) {
      await this.clock.advance(Math.min(lookEveryMs, left));
      this.ledger.look();
    }
  }

  async restart(): Promise<void> {
    const { process } = this;
    await this.stop();
    if (!process.isAlive) return; // It was killed while it stopped, and has begun again.
    process.isAlive = false;
    this.#begin();
  }

  kill(how: 'kill' | 'powerCut'): void {
    const { process } = this;
    if (!process.isAlive) return;
    this.note(`-- ${how}`);
    this.ledger.killed();
    process.isAlive = false;
    this.clock.after(RESTART_MS, () => this.#beginAfter(how));
  }

  #beginAfter(how: 'kill' | 'powerCut'): void {
    if (how === 'powerCut') this.disk.cutPower();
    this.ledger.searchDisk();
    this.#begin();
  }

  #begin(): void {
    [this.process, this.capture, this.composed] = this.#compose();
    this.#start();
  }

  async stop(): Promise<void> {
    const { process } = this;
    this.call('stop', () => this.composed.stop());
    await this.pass(90_000, REST_LOOK_MS);
    if (process.isAlive) this.ledger.stopped(process.timers);
  }

  /** Something that must come to an end. */
  call(name: string, task: () => Promise<unknown>): void {
    const { process } = this;
    const key = `${name} at ${this.#seconds()}`;
    this.#calls.set(key, this.clock.steady());
    const ended = (): void => void this.#calls.delete(key);
    void process.run(() => task().then(ended, (error: unknown) => this.#failed(name, error, ended)));
  }

  /** Calls that began longer ago than this, in this process. */
  callsOlderThan(ms: number): readonly string[] {
    return [...this.#calls].filter(([, since]) => this.clock.steady() - since > ms).map(([name]) => name);
  }

  snapshot(): Snapshot {
    return this.composed.service.snapshot();
  }

  logIn(userName: string): void {
    this.agent = userName;
    if (this.#isLoggingIn) return;
    this.#isLoggingIn = true;
    const credentials = { userName, password: new Secret(this.rws.passwords.get(userName) ?? '') };
    this.call(`login of ${userName}`, async () => {
      try {
        await this.composed.service.login({ credentials, details: { devices: [] } });
      } finally {
        this.#isLoggingIn = false;
      }
    });
  }

  heal(): void {
    this.process.dieAt(Infinity, () => undefined);
    this.rws.weather = 'fine';
    this.disk.trouble = 'none';
    this.keychain.heal();
    this.capture.isSilent = this.capture.isBroken = false;
  }

  #failed(name: string, error: unknown, ended: () => void): void {
    ended();
    this.note(`${name} failed: ${String(error)}`);
  }

  #compose(): [SimulatedProcess, SimulatedCapture, ComposedService] {
    const process = new SimulatedProcess(this.clock, this.disk, this.#secrets);
    const capture = new SimulatedCapture(process, this.random, this.given);
    this.#calls.clear();
    this.#isLoggingIn = false;
    this.rws.logins.clear();
    const composed = process.run(() =>
      createService({
        config: this.config,
        capture,
        keychain: this.keychain.for(process),
        clock: process,
        random: this.random.next,
        newId: () => `id-${(this.#ids += 1)}`,
        log: this.#logger(process),
        packageVersion: '1.0.0',
        isDemo: false,
        endpoints: () => [],
        claimDirectory: () => Promise.resolve(),
        remuxWorker: '/none.js',
        gateway: this.rws.for(process),
        startTimers: process,
      }),
    );
    if (composed === undefined) throw new Error('the process is not alive');
    return [process, capture, composed];
  }

  #logger(process: SimulatedProcess): Logger {
    const write = (line: string): void => {
      if (!process.isAlive) return;
      const { time: _real, ...fields } = JSON.parse(line) as Record<string, unknown>;
      this.note(`    ${JSON.stringify(fields)}`);
    };
    return createLogger('info', [{ write }]);
  }

  #start(): void {
    const { composed, process } = this;
    composed.service.onChange((snapshot) => {
      if (process === this.process && process.isAlive) this.ledger.changed(snapshot);
    });
    this.call('start', () => composed.start());
  }

  /** The agent desktop: polls while somebody sits there, and signs in again where the session is gone. */
  #keepDesk(): void {
    const { agent } = this;
    if (agent !== undefined) {
      const { service } = this.composed;
      const current = service.current();
      if (current?.user.userName === agent) this.process.run(() => service.poll(current.sessionId));
      else this.logIn(agent);
    }
    this.clock.after(POLL_MS, () => this.#keepDesk());
  }

  /** Everything works again for long enough; then everybody goes. */
  async #comeToRest(): Promise<void> {
    this.note('everything works again');
    this.heal();
    this.call('finish', () => this.composed.recorder.finish('The simulation ends'));
    await this.pass(120_000, REST_LOOK_MS);
    for (const userName of AGENTS) {
      this.logIn(userName);
      await this.pass(120_000, REST_LOOK_MS);
      this.call('retry', () => this.composed.service.retryUploads());
      await this.clock.advance(QUIET_MS);
    }
    this.ledger.searchDisk();
    this.ledger.uploaded();
    const current = this.composed.service.current();
    this.agent = undefined;
    if (current !== undefined) this.call('logout', () => this.composed.service.logout(current.sessionId));
    await this.clock.advance(FORGOTTEN_AFTER_MS);
    this.ledger.forgotten();
    await this.stop();
  }

  #seconds(): string {
    return ((this.clock.steady() - Date.UTC(2026, 0, 5, 8)) / 1000).toFixed(3).padStart(9);
  }
}
