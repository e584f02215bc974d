import { Emitter, type Unsubscribe } from '../shared/emitter';
import type { DataCentreName } from './options';

/** A state report as it arrived (rws.md, *State reports*). */
export interface ReceivedReport {
  readonly time: string;
  readonly dataCentre: DataCentreName;
  /** Whose session carried it. */
  readonly userName: string;
  readonly recordingId: string;
  readonly state: string;
  readonly reason?: string;
  readonly clientVersion?: string;
  readonly startTime?: string;
  readonly stopTime?: string;
}

export interface ReceivedRequest {
  readonly time: string;
  readonly dataCentre: DataCentreName;
  readonly method: string;
  readonly path: string;
  readonly userName?: string;
  /** `operationName` of a JSON body, once it has been read. */
  operation?: string;
  /** Set when the answer has gone out; stays away for a request that was cut. */
  status?: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

const KEPT = 20_000;

/** What has happened at this simulator, both data centres, newest last; and who wants to know. */
export class Activity {
  readonly #reports: ReceivedReport[] = [];
  readonly #requests: ReceivedRequest[] = [];
  readonly #changed = new Emitter<void>();

  get reports(): readonly ReceivedReport[] {
    return this.#reports;
  }

  get requests(): readonly ReceivedRequest[] {
    return this.#requests;
  }

  addReport(report: ReceivedReport): void {
    keep(this.#reports, report);
    this.changed();
  }

  addRequest(request: ReceivedRequest): void {
    keep(this.#requests, request);
  }

  /** Agents, recordings, reports, faults or modes are no longer what they were. */
  changed(): void {
    this.#changed.emit();
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }
}

function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > KEPT) list.splice(0, KEPT / 10);
}
