import type { Snapshot } from '../../src/shared/snapshot';
import type { Commanded } from './commanded';
import { judgeGiven, judgeRecording, judgeTwice } from './coverage';
import { PICTURE } from './simulated-capture';
import type { World } from './world';

/** What is shown may lag behind what is so by this much: the watchdog's time, and some. */
const LAG_MS = 9000;
/** No call may take longer, whatever RWS and the keychain do. */
const LONGEST_CALL_MS = 240_000;

/** What was commanded and what was seen, and what of it must not be. */
export class Ledger {
  readonly commanded: Commanded[] = [];
  readonly #world: World;
  readonly #violations = new Set<string>();
  readonly #failed = new Set<string>();
  #wrongSince = new Map<string, number>();
  #ids = 0;

  constructor(world: World) {
    this.#world = world;
  }

  start(): void {
    const { rws, clock, agent } = this.#world;
    if (agent === undefined || this.#running !== undefined || this.#isBusy()) return;
    const id = `recording-${(this.#ids += 1)}`;
    const from = clock.steady();
    const recording: Commanded = {
      id,
      userName: agent,
      from,
      ahead: clock.now() - from,
      to: undefined,
      isStopped: false,
      pauses: [],
      keptUntil: undefined,
    };
    this.commanded.push(recording);
    const isTaken = rws.command(agent, { type: 'start', recording: { id } }) && this.#world.snapshot().recorder.status === 'starting';
    if (!isTaken) this.commanded.pop();
  }

  stop(): void {
    const recording = this.#running;
    if (recording === undefined) return;
    if (!this.#world.rws.command(recording.userName, { type: 'stop', recordingId: recording.id })) return;
    recording.isStopped = true;
    this.#end(recording);
  }

  pause(): void {
    const recording = this.#running;
    if (recording === undefined || (recording.pauses.at(-1)?.to === undefined) !== (recording.pauses.length === 0)) return;
    if (!this.#world.rws.command(recording.userName, { type: 'pause', recordingId: recording.id })) return;
    recording.pauses.push({ from: this.#world.clock.steady(), to: undefined });
  }

  resume(): void {
    const recording = this.#running;
    const pause = recording?.pauses.at(-1);
    if (recording === undefined || pause === undefined || pause.to !== undefined) return;
    if (this.#world.rws.command(recording.userName, { type: 'resume', recordingId: recording.id })) pause.to = this.#world.clock.steady();
  }

  changed({ recorder, history }: Snapshot): void {
    for (const { event, recordingId } of history) if (event === 'failed') this.#failed.add(recordingId);
    const running = this.#running;
    if (running === undefined) return;
    const isOver = recorder.status === 'idle' || recorder.status === 'failed' || recorder.status === 'finishing';
    if (isOver || recorder.recordingId !== running.id) this.#end(running);
  }

  killed(): void {
    const running = this.#running;
    for (const recording of this.commanded) {
      const isUnfinished = recording === running || (recording.to ?? 0) > this.#world.clock.steady() - 60_000;
      if (isUnfinished) recording.keptUntil ??= Math.min(this.#world.capture.givenUntil, recording.to ?? Infinity);
    }
    if (running !== undefined) this.#end(running);
  }

  /** What is shown now, against what is so. */
  look(): void {
    const { capture, rws, process } = this.#world;
    if (!process.isAlive) return;
    const { recorder, session } = this.#world.snapshot();
    this.#mustNotLast('recording is shown and nothing is recorded', recorder.status === 'recording' && capture.shows !== 'screen');
    this.#mustNotLast('a pause is shown and the screen is recorded', recorder.status === 'paused' && capture.shows === 'screen');
    const isOver = recorder.status === 'idle' || recorder.status === 'failed';
    this.#mustNotLast('no recording is shown and the screen is recorded', isOver && capture.shows === 'screen');
    const isConnected = session.status === 'connected' && !rws.isOpen(session.agent.userName);
    this.#mustNotLast('a connection is shown and RWS has no session', isConnected);
    for (const call of this.#world.callsOlderThan(LONGEST_CALL_MS)) this.#violate(`a call does not end: ${call}`);
  }

  searchDisk(): void {
    for (const [path, bytes] of this.#world.disk.files) {
      if (bytes.includes(PICTURE)) this.#violate(`a picture lies on the disk in clear: ${path}`);
      if (bytes.includes('password-of-')) this.#violate(`a password lies on the disk in clear: ${path}`);
    }
    for (const nonce of this.#world.disk.repeatedNonces) this.#violate(`a nonce was used twice: ${nonce}`);
  }

  /** RWS was well for hours: it has everything. */
  uploaded(): void {
    const { uploads } = this.#world.snapshot();
    for (const { mediaId, state } of uploads.jobs) this.#violate(`${mediaId} is not uploaded: ${JSON.stringify(state)}`);
    const left = this.#world.disk.files.filter(([path]) => /spool\/(jobs|recordings)\//.test(path));
    for (const [path] of left) this.#violate(`a file is left behind: ${path}`);
  }

  /** Everybody is signed out, and has been for long. */
  forgotten(): void {
    for (const account of this.#world.keychain.entries.keys()) {
      if (account.startsWith('agent-session')) this.#violate('the credentials of a signed-out agent are still in the keychain');
    }
    if (this.#world.rws.logins.size > 0) this.#violate('a login is kept though nobody is signed in and nothing waits');
  }

  stopped(timers: readonly string[]): void {
    for (const timer of timers) this.#violate(`a timer is left after the stop: ${timer}`);
    for (const call of this.#world.callsOlderThan(60_000)) this.#violate(`a call does not end: ${call}`);
    const running = this.#running;
    if (running !== undefined) this.#end(running);
  }

  judge(): readonly string[] {
    const { rws, disk, given } = this.#world;
    const files = [...rws.stored.values()];
    for (const recording of this.commanded) {
      const reports = rws.reports.filter(({ recordingId }) => recordingId === recording.id);
      const isEndTold = reports.some(({ state, reason = '' }) => state === 'Failed' || reason.includes('There is no video from'));
      const told = {
        isToldOver: isEndTold || this.#failed.has(recording.id),
        isPauseReported: reports.some(({ state }) => state === 'Paused'),
      };
      const own = files.filter(({ metadata }) => metadata.id === recording.id);
      for (const violation of judgeRecording(recording, own, told)) this.#violate(violation);
      if (!disk.wasTroubled) for (const violation of judgeGiven(recording, given, own)) this.#violate(violation);
    }
    for (const violation of [...judgeTwice(files), ...rws.violations]) this.#violate(violation);
    return [...this.#violations];
  }

  get #running(): Commanded | undefined {
    return this.commanded.find(({ to }) => to === undefined);
  }

  #isBusy(): boolean {
    const { status } = this.#world.snapshot().recorder;
    return status !== 'idle' && status !== 'failed' && status !== 'finishing';
  }

  #end(recording: Commanded): void {
    recording.to = this.#world.clock.steady();
    const pause = recording.pauses.at(-1);
    if (pause !== undefined) pause.to ??= recording.to;
  }

  #mustNotLast(what: string, isSo: boolean): void {
    const now = this.#world.clock.steady();
    const since = this.#wrongSince.get(what) ?? now;
    if (!isSo) this.#wrongSince.delete(what);
    else this.#wrongSince.set(what, since);
    if (isSo && now - since > LAG_MS) this.#violate(what);
  }

  #violate(what: string): void {
    if (!this.#violations.has(what)) this.#world.note(`!! ${what}`);
    this.#violations.add(what);
  }
}
