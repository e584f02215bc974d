import type { WindowBridge } from '../shared/ipc-contract';
import type { Snapshot } from '../shared/snapshot';
import { createTranslator } from '../shared/translate';
import { StatusView } from './status-view';

declare global {
  interface Window {
    /** Put there by the preload. */
    readonly srs: WindowBridge;
  }
}

async function begin({ srs }: Window): Promise<void> {
  let view: StatusView | undefined;
  let early: Snapshot | undefined;
  srs.onSnapshot((next) => {
    if (view === undefined) early = next;
    else view.show(next);
  });
  const { snapshot, locale, messages } = await srs.begin();
  view = new StatusView(document, {
    translator: createTranslator(locale, messages),
    run: (action) => void srs.run(action),
    retryUpload: (mediaId) => void srs.retryUpload(mediaId),
  });
  view.show(early !== undefined && early.revision > snapshot.revision ? early : snapshot);
}

void begin(window);
