import { Notification } from 'electron';
import type { Snapshot } from '../../shared/snapshot';
import type { Translator } from '../../shared/translate';
import { nextNotices, NO_NOTICES, type NoticeSettings } from './notice-machine';

export interface NotifierDeps {
  /** Of now: they may change. */
  readonly settings: () => NoticeSettings;
  readonly translator: Translator;
  readonly now: () => number;
  readonly onClick: () => void;
}

/** Shows what the notice machine asks for. Silent: the agent may be on a call. */
export class Notifier {
  readonly #deps: NotifierDeps;
  #state = NO_NOTICES;
  /** Without a reference a notice could be collected before it is clicked. */
  readonly #open = new Set<Notification>();

  constructor(deps: NotifierDeps) {
    this.#deps = deps;
  }

  update(snapshot: Snapshot): void {
    const { settings, translator, now } = this.#deps;
    const { state, notices } = nextNotices(this.#state, snapshot, settings(), now());
    this.#state = state;
    for (const { title, body } of notices) this.#show(translator.text(title), body === undefined ? '' : translator.text(body));
  }

  stop(): void {
    for (const notice of this.#open) notice.close();
    this.#open.clear();
  }

  #show(title: string, body: string): void {
    if (!Notification.isSupported()) return;
    const notice = new Notification({ title, body, silent: true });
    this.#open.add(notice);
    notice.on('click', this.#deps.onClick);
    notice.on('close', () => this.#open.delete(notice));
    notice.show();
  }
}
