import { configurationPlaces } from '../config/configuration-places';
import { ConfigurationError, describeProblem } from '../config/errors';
import type { LiveConfiguration } from '../config/live-configuration';
import { readConfiguration } from '../config/load-configuration';
import type { Configuration } from '../config/schema';
import type { Clock, Timer } from '../lib/clock';
import { withDeadline } from '../lib/deadline';
import type { Logger } from '../lib/logger';
import { describeError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import { initialReload, stepReload, type ReloadEffect, type ReloadEvent, type ReloadState } from './reload-machine';
import { SourceWatch } from './source-watch';
import { tellUnusedSettings } from './unused-settings';

export interface ConfigurationFollowerDeps {
  readonly live: LiveConfiguration;
  readonly clock: Clock;
  readonly log: Logger;
  readonly problems: ProblemReporter;
  readonly isRecording: () => boolean;
  /** Default: the loading of the start, with all its checks. */
  readonly read?: () => Promise<Configuration>;
}

/** Windows is asked who may write the file, which takes seconds; a share that is away takes for ever. */
const READ_DEADLINE_MS = 60_000;
/** Of what is wrong, as a person reads it. */
const MAX_SHOWN = 5;
const MAX_SHOWN_LENGTH = 300;

/**
 * Keeps the running service to its configuration (config-and-cli.md, *Changes while it runs*). THREAT MODEL: whoever may write a source may change
 * what the next start would take from it, and no more: everything is read and checked anew, as at the start, locks and owners included. A source
 * that is half written, wrong, too long or somebody else's changes nothing, and one that changes all the time costs one reading in ten seconds.
 */
export class ConfigurationFollower {
  readonly #deps: ConfigurationFollowerDeps;
  readonly #watch: SourceWatch;
  #state: ReloadState<Configuration> = initialReload;
  #timer: Timer | undefined;
  #unusedTold: string;
  #isStopped = false;

  constructor(deps: ConfigurationFollowerDeps) {
    this.#deps = deps;
    const { live, clock } = deps;
    this.#unusedTold = JSON.stringify(live.settings.notUsed);
    this.#watch = new SourceWatch({
      places: configurationPlaces(live.sources, live.settings.dataDirectory),
      clock,
      onChanged: () => this.changed(),
    });
  }

  start(): void {
    this.#watch.start();
  }

  stop(): void {
    this.#isStopped = true;
    this.#watch.stop();
    this.#timer?.cancel();
  }

  /** A source is not what it was. */
  changed(): void {
    this.#dispatch({ type: 'changed' });
  }

  recordingEnded(): void {
    this.#dispatch({ type: 'recordingEnded' });
  }

  #dispatch(event: ReloadEvent<Configuration>): void {
    if (this.#isStopped) return;
    const { clock, isRecording } = this.#deps;
    const { state, effects } = stepReload(this.#state, event, { now: clock.steady(), isRecording: isRecording() });
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: ReloadEffect<Configuration>): void {
    switch (effect.type) {
      case 'wait':
        this.#timer?.cancel();
        this.#timer = this.#deps.clock.after(effect.ms, () => this.#dispatch({ type: 'settled' }));
        return;
      case 'read':
        return void this.#read();
      case 'hold':
        return this.#deps.log.info('the changed configuration waits for the end of the recording');
      case 'take':
        return this.#take(effect.config);
    }
  }

  async #read(): Promise<void> {
    const { clock, read = () => this.#readSources() } = this.#deps;
    const tooLate = (): Error => new Error(`It could not be read within ${READ_DEADLINE_MS / 1000} s.`);
    try {
      const config = await withDeadline(clock, { ms: READ_DEADLINE_MS, tooLate }, read);
      if (this.#isStopped) return;
      this.#tell(config);
      this.#dispatch({ type: 'read', config });
    } catch (error) {
      if (this.#isStopped) return;
      this.#refuse(error);
      this.#dispatch({ type: 'refused' });
    }
  }

  async #readSources(): Promise<Configuration> {
    return (await readConfiguration(this.#deps.live.sources)).config;
  }

  /** What is known as soon as it is read, also while a recording runs. */
  #tell(config: Configuration): void {
    const { live, log, problems } = this.#deps;
    problems.clear('configurationRefused');
    const settings = live.waitingForRestart(config);
    if (settings.length === 0) problems.clear('restartNeeded');
    else {
      problems.raise('restartNeeded', { settings });
      log.warn('settings take effect when the program is started again', { settings });
    }
    const unused = JSON.stringify(config.notUsed);
    if (unused === this.#unusedTold) return;
    this.#unusedTold = unused;
    problems.clear('configurationUnknown');
    tellUnusedSettings(config, log, problems);
  }

  #refuse(error: unknown): void {
    const { log, problems } = this.#deps;
    const found =
      error instanceof ConfigurationError ? error.problems.map((problem) => describeProblem(problem).trim()) : [describeError(error)];
    log.warn('the changed configuration is not used', { problems: found });
    const shown = found.slice(0, MAX_SHOWN).map((text) => text.slice(0, MAX_SHOWN_LENGTH));
    problems.raise('configurationRefused', { problems: shown, ...(found.length > MAX_SHOWN ? { more: found.length - MAX_SHOWN } : {}) });
  }

  #take(config: Configuration): void {
    const settings = this.#deps.live.take(config);
    if (settings.length > 0) this.#deps.log.info('changed settings are in force', { settings });
  }
}
