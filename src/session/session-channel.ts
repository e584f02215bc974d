import type { RecordingCommand } from '../shared/recording';
import type { RwsError } from '../shared/rws-error';
import type { RwsSessionListener } from '../rws/ports';

/**
 * What a session says, held back until it is the current one (events may arrive before opening resolves), and dropped once it is not:
 * so a session that is on its way out can never start a recording.
 */
export class SessionChannel implements RwsSessionListener {
  readonly #target: RwsSessionListener;
  #status: 'held' | 'live' | 'closed' = 'held';
  #held: (() => void)[] = [];

  constructor(target: RwsSessionListener) {
    this.#target = target;
  }

  release(): void {
    if (this.#status !== 'held') return;
    this.#status = 'live';
    const held = this.#held;
    this.#held = [];
    held.forEach((deliver) => this.#deliver(deliver));
  }

  close(): void {
    this.#status = 'closed';
    this.#held = [];
  }

  onCommand(command: RecordingCommand): void {
    this.#deliver(() => this.#target.onCommand(command));
  }

  onStartRefused(reason: RwsError): void {
    this.#deliver(() => this.#target.onStartRefused(reason));
  }

  onContact(): void {
    this.#deliver(() => this.#target.onContact());
  }

  onInterrupted(reason: RwsError): void {
    this.#deliver(() => this.#target.onInterrupted(reason));
  }

  onRestored(): void {
    this.#deliver(() => this.#target.onRestored());
  }

  onEnded(reason: RwsError): void {
    this.#deliver(() => this.#target.onEnded(reason));
  }

  #deliver(deliver: () => void): void {
    if (this.#status === 'live') deliver();
    else if (this.#status === 'held') this.#held.push(deliver);
  }
}
