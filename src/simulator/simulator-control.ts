import { randomUUID } from 'node:crypto';
import type { Encoding } from '../shared/recording';
import type { Unsubscribe } from '../shared/emitter';
import { AppError } from '../shared/errors';
import type { Accounts } from './accounts';
import { connectedAgents, type ConnectedAgent } from './connected-agents';
import type { Activity, ReceivedReport, ReceivedRequest } from './activity';
import type { FaultBoard } from './faults/fault-board';
import type { MediaStore, ReceivedRecording } from './media-store';
import type { DataCentreName, StrictModes } from './options';
import type { DataCentre } from './rws/data-centre';
import type { StrictSwitches } from './strict-switches';

export interface StartOptions {
  readonly recordingId?: string;
  readonly callUuid?: string;
  readonly region?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly encoding?: Partial<Encoding>;
}

export interface StartedRecording {
  readonly recordingId: string;
  readonly callUuid: string;
}

export interface ControlDeps {
  readonly dataCentres: readonly DataCentre[];
  readonly accounts: Accounts;
  readonly activity: Activity;
  readonly store: MediaStore;
  readonly faults: FaultBoard;
  readonly strict: StrictSwitches;
}

const COMMAND_CHANNEL = '/v2/me/screen-recording';
const CALLS_CHANNEL = '/v2/me/calls';

/**
 * Everything that can be done with a running simulator; the control page and its endpoint are a view of this.
 * Commands throw `AppError` `invalidRequest` when no session of the agent is listening.
 */
export class SimulatorControl {
  readonly faults: FaultBoard;
  readonly #deps: ControlDeps;
  readonly #lastStarted = new Map<string, StartedRecording>();

  constructor(deps: ControlDeps) {
    this.#deps = deps;
    this.faults = deps.faults;
  }

  /** Agents with a Bayeux session; one who has several in one data centre is here once. */
  agents(): readonly ConnectedAgent[] {
    return connectedAgents(this.#deps);
  }

  recordings(): readonly ReceivedRecording[] {
    return this.#deps.store.list();
  }

  mediaPath(mediaId: string): string | undefined {
    return this.#deps.store.pathOf(mediaId);
  }

  reports(): readonly ReceivedReport[] {
    return this.#deps.activity.reports;
  }

  /** What clients have asked RWS for, newest last. */
  requests(): readonly ReceivedRequest[] {
    return this.#deps.activity.requests;
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#deps.activity.onChange(listener);
  }

  /** StartScreenRecording. Ids that are not given are made up. */
  startRecording(userName: string, options: StartOptions = {}): StartedRecording {
    const { recordingId = randomUUID(), callUuid = randomUUID(), ...rest } = options;
    this.#command(userName, 'StartScreenRecording', { id: recordingId, callUuid, ...rest });
    const started = { recordingId, callUuid };
    this.#lastStarted.set(userName, started);
    return started;
  }

  /** Without an id: the recording started last for this agent; here and below. */
  stopRecording(userName: string, recordingId?: string): void {
    this.#command(userName, 'StopScreenRecording', this.#reference(userName, recordingId));
  }

  pauseRecording(userName: string, recordingId?: string): void {
    this.#command(userName, 'PauseScreenRecording', this.#reference(userName, recordingId));
  }

  resumeRecording(userName: string, recordingId?: string): void {
    this.#command(userName, 'ResumeScreenRecording', this.#reference(userName, recordingId));
  }

  /** A CallStateChangeMessage, for `recording.trigger: "callRecording"`. `call` goes out as it is. */
  callState(userName: string, call: Readonly<Record<string, unknown>>): void {
    this.deliver(userName, CALLS_CHANNEL, { messageType: 'CallStateChangeMessage', notificationType: 'StatusChange', call });
  }

  /** Any message on any channel. */
  deliver(userName: string, channel: string, content: Readonly<Record<string, unknown>>): void {
    const delivered = this.#deps.dataCentres.reduce((sum, { notifications }) => sum + notifications.deliver(userName, channel, content), 0);
    if (delivered === 0)
      throw new AppError('invalidRequest', `Nobody hears this: ${userName} is not connected and subscribed to ${channel}.`);
  }

  get strict(): StrictModes {
    return this.#deps.strict.modes;
  }

  setStrict(modes: Partial<StrictModes>): void {
    this.#deps.strict.set(modes);
  }

  dataCentres(): readonly { name: DataCentreName; origin: string; isOnline: boolean }[] {
    return this.#deps.dataCentres.map(({ name, origin, isOnline }) => ({ name, origin, isOnline }));
  }

  /** Comes up anew after `downMs`: every session is forgotten. */
  async restart(name: DataCentreName = 'primary', downMs = 0): Promise<void> {
    const dataCentre = this.#find(name);
    await dataCentre.goOffline();
    this.#deps.activity.changed();
    if (downMs > 0) await new Promise((resolve) => setTimeout(resolve, downMs));
    dataCentre.dropSessions();
    await this.goOnline(name);
  }

  /** The port is closed and every socket cut; sessions are kept. */
  async goOffline(name: DataCentreName = 'primary'): Promise<void> {
    await this.#find(name).goOffline();
    this.#deps.activity.changed();
  }

  async goOnline(name: DataCentreName = 'primary'): Promise<void> {
    await this.#find(name).goOnline();
    this.#deps.activity.changed();
  }

  /** Forgets every HTTP, Bayeux and contact-centre session; sockets are cut. */
  dropSessions(name: DataCentreName = 'primary'): void {
    this.#find(name).dropSessions();
  }

  cutConnections(name: DataCentreName = 'primary'): void {
    this.#find(name).cutConnections();
  }

  rotateCookies(name: DataCentreName = 'primary'): void {
    this.#find(name).httpSessions.rotateCookies();
  }

  rotateCsrf(name: DataCentreName = 'primary'): void {
    this.#find(name).httpSessions.rotateCsrf();
  }

  #command(userName: string, operationName: string, recording: Readonly<Record<string, unknown>>): void {
    this.deliver(userName, COMMAND_CHANNEL, { messageType: 'ScreenRecordingMessage', operationName, recording });
  }

  #reference(userName: string, recordingId: string | undefined): Record<string, unknown> {
    if (recordingId !== undefined) return { id: recordingId };
    const last = this.#lastStarted.get(userName);
    if (last === undefined) throw new AppError('invalidRequest', `No recording was started for ${userName} here: name a recordingId.`);
    return { id: last.recordingId, callUuid: last.callUuid };
  }

  #find(name: DataCentreName): DataCentre {
    const dataCentre = this.#deps.dataCentres.find((candidate) => candidate.name === name);
    if (dataCentre === undefined) throw new AppError('invalidRequest', `This simulator has no ${name} data centre.`);
    return dataCentre;
  }
}
