import type { Snapshot } from '../shared/snapshot';
import { h } from './dom';
import { detailsRegion } from './details-region';
import { footerRegion } from './footer-region';
import { headerRegion } from './header-region';
import { historyRegion } from './history-region';
import { overviewRegion } from './overview-region';
import { problemsRegion } from './problems-region';
import type { RegionContext } from './region';
import { uploadsRegion } from './uploads-region';

const TICK_MS = 1000;

/**
 * The window's content. INVARIANT: a timer runs only while the page can be seen and something in it grows with time.
 */
export class StatusView {
  readonly #regions;
  readonly #page: Document;
  #snapshot: Snapshot | undefined;
  #ticking: number | undefined;

  constructor(page: Document, context: RegionContext) {
    const { text } = context.translator;
    this.#page = page;
    const header = headerRegion(context);
    const inMain = [problemsRegion, overviewRegion, uploadsRegion, historyRegion, detailsRegion].map((make) => make(context));
    const footer = footerRegion(context);
    this.#regions = [header, ...inMain, footer];
    const main = h('main', {}, ...inMain.map(({ element }) => element));
    page.title = text('window.title');
    page.documentElement.lang = context.translator.locale;
    page.body.replaceChildren(header.element, main, footer.element);
    page.addEventListener('visibilitychange', () => this.#draw());
  }

  show(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#draw();
  }

  #draw(): void {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return;
    const now = Date.now();
    for (const region of this.#regions) region.update(snapshot, now);
    this.#tick(this.#page.visibilityState === 'visible' && growsWithTime(snapshot));
  }

  #tick(isNeeded: boolean): void {
    if (isNeeded === (this.#ticking !== undefined)) return;
    if (isNeeded) this.#ticking = window.setInterval(() => this.#draw(), TICK_MS);
    else {
      window.clearInterval(this.#ticking);
      this.#ticking = undefined;
    }
  }
}

function growsWithTime({ session, recorder }: Snapshot): boolean {
  return (
    session.status === 'connected' || session.status === 'reconnecting' || (recorder.status !== 'idle' && recorder.status !== 'failed')
  );
}
