import type { RecordingConfiguration } from '../config/schema';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { NamedTimers } from '../lib/named-timers';
import { Serial } from '../lib/serial';
import { describeError } from '../shared/errors';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import { omitUndefined } from '../shared/omit-undefined';
import { raiseAs, type ProblemReporter } from '../shared/problems';
import type { RecordedAgent, RecordingCommand, RecordingReference, RecordingStart, StateReport } from '../shared/recording';
import { toRwsTime } from '../shared/rws-time';
import type { RecorderState } from '../shared/snapshot';
import { chooseEncoding } from './encoding';
import { endToFailure, toFailure } from './failure';
import { LiveRecording } from './live-recording';
import type { RecordingStore } from './ports';
import type { CaptureRequest, ScreenCapture } from '../screen/ports';
import { isActive } from './recorder-effects';
import { stepRecorder } from './recorder-machine';
import {
  initialRecorder,
  type Outcome,
  type RecorderEffect,
  type RecorderEvent,
  type RecorderSurroundings,
  type TimerName,
} from './recorder-state';
import { toRecorderState } from './recorder-view';
import { RecordingClock } from './recording-clock';
import { WarmKeeper } from './warm-keeper';

/** Milliseconds of video per slice: what a power cut may cost is two of them. */
const SLICE_MS = 1000;
/** Slices come when the encoder gets round to it: three of them, and some slack for a busy machine. */
const WATCHDOG_MS = 3 * SLICE_MS + 2000;

export interface RecorderDeps {
  readonly capture: ScreenCapture;
  readonly store: RecordingStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly problems: ProblemReporter;
  readonly config: RecordingConfiguration;
}

/** Records what RWS commands, one recording at a time. */
export interface Recorder {
  /** Finishes what an earlier process left. */
  start(): Promise<void>;
  /** Finishes a running recording and lets the capture go. Safe in any state. */
  stop(): Promise<void>;
  /** Gets the capture ready, so that a recording's first frame comes at once, and keeps it so until `cool`. Resolves after the first try. */
  warm(): Promise<void>;
  /** Lets the capture go, unless a recording runs. */
  cool(): Promise<void>;
  handle(command: RecordingCommand, agent: RecordedAgent): void;
  /** Stops a running recording; resolves when every recording so far became upload jobs. */
  finish(reason: string): Promise<void>;
  state(): RecorderState;
  onState(listener: (state: RecorderState) => void): Unsubscribe;
  /** The agent is the recording's own, whoever is signed in by now. */
  onReport(listener: (report: StateReport, agent: RecordedAgent) => void): Unsubscribe;
  suspended(): void;
  resumed(): void;
  locked(): void;
  unlocked(): void;
  displaysChanged(): void;
}

export function createRecorder(deps: RecorderDeps): Recorder {
  return new RecorderRunner(deps);
}

class RecorderRunner implements Recorder {
  readonly #deps: RecorderDeps;
  readonly #clock: RecordingClock;
  readonly #states: Emitter<RecorderState>;
  readonly #reports: Emitter<{ readonly report: StateReport; readonly agent: RecordedAgent }>;
  readonly #captureTurns = new Serial();
  readonly #timers: NamedTimers<TimerName>;
  readonly #closings = new Set<Promise<void>>();
  #state = initialRecorder;
  #live: LiveRecording | undefined;
  readonly #warmth: WarmKeeper;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
    this.#clock = new RecordingClock(deps.clock);
    this.#timers = new NamedTimers(deps.clock, (name) => this.#dispatch({ type: 'timer', name }));
    const onListenerError = (error: unknown): void => deps.log.error('a listener of the recorder failed', { error });
    this.#states = new Emitter(onListenerError);
    this.#reports = new Emitter(onListenerError);
    this.#warmth = new WarmKeeper({ ...deps, captureTurns: this.#captureTurns, isRecording: () => isActive(this.#state) });
  }

  async start(): Promise<void> {
    const saved = await this.#deps.store.recover();
    if (saved > 0) this.#deps.log.info('recordings of an earlier run were finished', { segments: saved });
  }

  async stop(): Promise<void> {
    await this.finish('The service was stopped');
    this.#warmth.release();
    await this.#captureTurns.run(() => this.#deps.capture.cool());
  }

  warm(): Promise<void> {
    return this.#warmth.keep();
  }

  async cool(): Promise<void> {
    this.#warmth.release();
    await this.#captureTurns.run(() => (this.#warmth.isWanted || isActive(this.#state) ? Promise.resolve() : this.#deps.capture.cool()));
  }

  handle(command: RecordingCommand, agent: RecordedAgent): void {
    switch (command.type) {
      case 'start':
        if (!isActive(this.#state) && this.#closings.size === 0) this.#clock.begin();
        return this.#dispatch({
          type: 'startCommanded',
          recording: command.recording,
          start: this.#describe(command.recording, agent),
          agent,
        });
      case 'stop':
        return this.#dispatch({ type: 'stopCommanded', recordingId: command.recordingId });
      case 'pause':
        return this.#dispatch({ type: 'pauseCommanded', recordingId: command.recordingId });
      case 'resume':
        return this.#dispatch({ type: 'resumeCommanded', recordingId: command.recordingId });
    }
  }

  async finish(reason: string): Promise<void> {
    this.#dispatch({ type: 'finishRequested', reason });
    while (this.#closings.size > 0) await Promise.all(this.#closings);
  }

  state(): RecorderState {
    return toRecorderState(this.#state, this.#clock.setBy);
  }

  onState(listener: (state: RecorderState) => void): Unsubscribe {
    return this.#states.subscribe(listener);
  }

  onReport(listener: (report: StateReport, agent: RecordedAgent) => void): Unsubscribe {
    return this.#reports.subscribe(({ report, agent }) => listener(report, agent));
  }

  suspended(): void {
    this.#dispatch({ type: 'suspended' });
  }

  resumed(): void {
    this.#dispatch({ type: 'woken' });
  }

  /** The lock screen is recorded as anything else is; should the system give no picture of it, the watchdog says so. */
  locked(): void {
    this.#deps.log.debug('the screen was locked');
  }

  unlocked(): void {
    this.#dispatch({ type: 'unlocked' });
  }

  displaysChanged(): void {
    this.#dispatch({ type: 'displaysChanged' });
  }

  /** Read for each step: the configuration may change between two recordings. */
  #settings(): Omit<RecorderSurroundings, 'now'> {
    const { segmentMinutes, maxMinutes, pauseMode } = this.#deps.config;
    return { watchdogMs: WATCHDOG_MS, segmentMs: segmentMinutes * 60_000, maximumMs: maxMinutes * 60_000, pauseMode };
  }

  #describe({ id, callUuid, region, parameters, encoding }: RecordingReference, agent: RecordedAgent): RecordingStart {
    return {
      recordingId: id,
      ...omitUndefined({ callUuid, region, parameters }),
      encoding: chooseEncoding(this.#deps.config, encoding),
      agent,
      startTime: toRwsTime(this.#clock.now()),
    };
  }

  #dispatch(event: RecorderEvent): void {
    const { state, effects } = stepRecorder(this.#state, event, { now: this.#clock.now(), ...this.#settings() });
    const hasChanged = state !== this.#state;
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    if (hasChanged) this.#states.emit(this.state());
  }

  #perform(effect: RecorderEffect): void {
    const { problems } = this.#deps;
    switch (effect.type) {
      case 'begin':
        return this.#begin(effect);
      case 'startRun':
        return this.#startRun(effect.run);
      case 'endRun':
        return void this.#live?.segment(effect.run)?.end();
      case 'pauseRun':
        return this.#change(effect.run, 'paused');
      case 'resumeRun':
        return this.#change(effect.run, 'resumed');
      case 'note':
        return this.#live?.note(effect.event);
      case 'close':
        return this.#close(effect.outcome);
      case 'report':
        return this.#reports.emit(effect);
      case 'raise':
        this.#warmth.yields(effect.problem.code);
        return raiseAs(problems, effect.problem);
      case 'clear':
        return effect.codes.forEach((code) => {
          this.#warmth.yields(code);
          problems.clear(code);
        });
      case 'setTimer':
        return this.#timers.set(effect.name, effect.ms);
      case 'clearTimers':
        return effect.names.forEach((name) => this.#timers.clear(name));
    }
  }

  #begin({ start, run, masks }: Extract<RecorderEffect, { type: 'begin' }>): void {
    const { capture, store, log } = this.#deps;
    const live = new LiveRecording(start, masks, { capture, captureTurns: this.#captureTurns, store, clock: this.#clock, log });
    this.#live = live;
    live.begun().then(
      () => this.#dispatch({ type: 'begun', run }),
      (error: unknown) => this.#dispatch({ type: 'beginFailed', run, failure: this.#failed(error) }),
    );
  }

  #startRun(run: number): void {
    const live = this.#live!;
    const { displays, maxWidth, maxHeight, grayscale, pauseMode, masks, maskExcept, maskFailure } = this.#deps.config;
    const request: CaptureRequest = {
      encoding: live.encoding,
      ...{ displays, maxWidth, maxHeight, grayscale, pauseMode },
      sliceMs: SLICE_MS,
      masks: { masks: [...masks, ...live.masks], maskExcept, maskFailure },
    };
    live.startSegment(run, request, {
      onStarted: (shown, startedAt) => this.#dispatch({ type: 'runStarted', run, displays: shown, startedAt }),
      onStartFailed: (error) => this.#dispatch({ type: 'runFailed', run, failure: this.#failed(error) }),
      onSlice: (bytes) => this.#dispatch({ type: 'slice', run, bytes }),
      onDisplaysChanged: () => this.#dispatch({ type: 'displaysChanged' }),
      onCovering: (covering) => this.#dispatch({ type: 'coveringChanged', run, covering }),
      onEnded: (reason) => this.#dispatch({ type: 'runEnded', run, failure: endToFailure(reason) }),
      onStoreFailed: (error) => this.#dispatch({ type: 'storeFailed', run, failure: this.#failed(error) }),
    });
  }

  #change(run: number, to: 'paused' | 'resumed'): void {
    const segment = this.#live?.segment(run);
    const change = to === 'paused' ? segment?.pause() : segment?.resume();
    change?.then(
      () => this.#dispatch({ type: to, run }),
      (error: unknown) => this.#dispatch({ type: 'runEnded', run, failure: this.#failed(error) }),
    );
  }

  #close(outcome: Outcome): void {
    const live = this.#live!;
    const closing = live.close(outcome.stopTime).then(
      (hasMedia) => this.#dispatch({ type: 'closed', outcome, hasMedia, ...omitUndefined({ videoUntil: live.videoUntil }) }),
      (error: unknown) => this.#dispatch({ type: 'closed', outcome, hasMedia: false, failure: this.#failed(error) }),
    );
    this.#closings.add(closing);
    void closing.finally(() => this.#closings.delete(closing));
  }

  #failed(error: unknown) {
    this.#deps.log.warn('a recording met a failure', { reason: describeError(error), error });
    return toFailure(error);
  }
}
