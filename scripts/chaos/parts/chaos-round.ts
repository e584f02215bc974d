import { until } from '../../../test/support/until';
import type { ChaosPlan, ChaosStep, FaultName, WorkName } from './chaos-plan';
import { ChaosWorld } from './chaos-world';
import { AgentDesktop } from './agent-desktop';
import type { Evidence } from './evidence';
import { FAULTS } from './faults';
import { Painter } from './painter';
import { filmsOf, recorderChangesIn } from './read-evidence';
import { searchDisk, leftProcesses, leftFiles } from './search';

const START_MS = 60_000;
/** Back-off, retries and a loaded machine. */
const RECOVERY_MS = 240_000;
const STOP_MS = 40_000;
const isFault = (name: string): name is FaultName => name in FAULTS;

/** One round: a plan carried out on the real thing, then everything made well again and looked at. */
export class ChaosRound {
  readonly #world: ChaosWorld;
  readonly #plan: ChaosPlan;
  readonly #desktop: AgentDesktop;
  readonly #painter: Painter;
  readonly #faults: { name: FaultName; from: number; to: number }[] = [];
  readonly #commands: { at: number; name: WorkName; recordingId: string | undefined }[] = [];
  readonly #running = new Set<FaultName>();
  readonly #ends: Promise<void>[] = [];
  readonly #violations: string[] = [];
  readonly #say: (line: string) => void;
  #ids = 0;

  constructor(world: ChaosWorld, plan: ChaosPlan, say: (line: string) => void) {
    this.#world = world;
    this.#plan = plan;
    this.#say = say;
    this.#desktop = new AgentDesktop(world);
    this.#painter = new Painter(world.screen);
  }

  /** Resolves with what must not be, found on the way, and what the films are to be judged by. */
  async run(): Promise<{ readonly violations: readonly string[]; readonly evidence: Evidence }> {
    await this.#world.start();
    this.#desktop.start();
    this.#painter.start();
    try {
      await until('the agent to be connected', () => this.#isListening(), START_MS);
      await this.#carryOut();
      await this.#recover();
    } finally {
      await this.#desktop.stop();
      await this.#painter.stop();
    }
    await this.#end();
    return { violations: this.#violations, evidence: await this.#evidence() };
  }

  async #carryOut(): Promise<void> {
    const begun = Date.now();
    for (const step of this.#plan.steps) {
      await passed(begun + step.atMs);
      await this.#take(step);
    }
    await passed(begun + this.#plan.lengthMs);
    await Promise.all(this.#ends);
  }

  async #take(step: ChaosStep): Promise<void> {
    try {
      if (isFault(step.name)) await this.#strike(step.name, step.forMs);
      else await this.#work(step.name);
    } catch (error) {
      // Nobody hears a command, or the fault cannot be made now.
      this.#say(`${step.name}: ${String(error)}`);
    }
  }

  async #strike(name: FaultName, forMs: number): Promise<void> {
    if (this.#running.has(name)) return;
    this.#say(`${name} for ${forMs} ms`);
    this.#running.add(name);
    const fault = { name, from: Date.now(), to: Infinity };
    this.#faults.push(fault);
    await FAULTS[name].begin(this.#world);
    const end = async (): Promise<void> => {
      await passed(fault.from + forMs);
      await FAULTS[name].end(this.#world);
      fault.to = Date.now();
      this.#running.delete(name);
      this.#say(`${name} is over`);
    };
    this.#ends.push(end());
  }

  async #work(name: WorkName): Promise<void> {
    const { control } = this.#world.simulator;
    const agent = this.#desktop.agent;
    const recordingId = name === 'start' ? `recording-${(this.#ids += 1)}` : this.#desktop.recordingId;
    const note = (): void => {
      this.#commands.push({ at: Date.now(), name, recordingId });
      this.#say(`${name} ${recordingId ?? ''}`);
    };
    if (name === 'logout') {
      note();
      await this.#desktop.logOut();
    } else if (name === 'hotSeat') {
      note();
      this.#desktop.changeAgent();
    } else if (name === 'start') {
      control.startRecording(agent, { recordingId: recordingId ?? '' });
      note();
    } else if (recordingId !== undefined) {
      if (name === 'stop') control.stopRecording(agent, recordingId);
      else if (name === 'pause') control.pauseRecording(agent, recordingId);
      else control.resumeRecording(agent, recordingId);
      note();
    }
  }

  /** Nothing fails any more: everything must come right by itself. */
  async #recover(): Promise<void> {
    this.#say('all is well again');
    this.#desktop.comeBack();
    if (this.#world.pid === undefined) await this.#world.start();
    await this.#must('the agent is connected again', () => this.#isListening());
    await this.#must('the last recording ends', async () => {
      const { recorder } = await this.#world.snapshot();
      if (recorder.status === 'idle' || recorder.status === 'failed') return true;
      if (recorder.status !== 'finishing' && this.#isListening()) await this.#work('stop');
      await passed(Date.now() + 500);
      return false;
    });
    await this.#must('everything is uploaded', async () => (await this.#world.snapshot()).uploads.jobs.length === 0);
    // A job may come of what is being finished.
    await this.#must('nothing is left in the spool', async () => (await leftFiles(this.#world)).length === 0);
  }

  async #end(): Promise<void> {
    const begun = Date.now();
    const code = await Promise.race([this.#world.stop(), passed(begun + STOP_MS).then(() => 'late' as const)]);
    if (code !== 0) this.#violations.push(`the service does not end as it should: ${String(code)}`);
    await until('every process to be gone', () => leftProcesses(this.#world).length === 0, STOP_MS).catch(() => {
      for (const left of leftProcesses(this.#world)) this.#violations.push(`a process is left behind: ${left}`);
    });
    this.#violations.push(...(await searchDisk(this.#world)), ...this.#desktop.violations);
  }

  async #must(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
    const guarded = async (): Promise<boolean> => {
      try {
        return await probe();
      } catch {
        return false; // it does not answer yet
      }
    };
    await until(what, guarded, RECOVERY_MS).catch(() => this.#violations.push(`after ${RECOVERY_MS / 1000} s not: ${what}`));
  }

  #isListening(): boolean {
    return this.#world.simulator.control.agents().some(({ userName, isListening }) => isListening && userName === this.#desktop.agent);
  }

  async #evidence(): Promise<Evidence> {
    const { simulator } = this.#world;
    return {
      pauseMode: this.#plan.pauseMode,
      commands: this.#commands,
      faults: this.#faults,
      ends: this.#world.ends,
      changes: recorderChangesIn(this.#world.log()),
      painted: this.#painter.painted,
      looks: this.#desktop.looks,
      reports: simulator.control.reports().map(({ recordingId, state, reason = '' }) => ({ recordingId, state, reason })),
      failed: this.#desktop.failed,
      films: await filmsOf(simulator, this.#plan.pauseMode),
    };
  }
}

function passed(due: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, due - Date.now())));
}
