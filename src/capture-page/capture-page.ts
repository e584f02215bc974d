import type { CaptureHostBridge, CapturePage } from '../shared/capture-contract';
import { PageRun } from './page-run';
import { DisplaySource } from './display-source';

/** What the host calls (`capture-contract.ts`). Holds the displays that are open, and the run that uses them. */
export function createCapturePage(host: CaptureHostBridge): CapturePage {
  let opened = new Map<string, DisplaySource>();
  let run: PageRun | undefined;

  const takeOpened = (): ReadonlyMap<string, DisplaySource> => {
    const taken = opened;
    opened = new Map();
    return taken;
  };
  const closeOpened = (): void => {
    for (const source of takeOpened().values()) source.close();
  };

  return {
    async open(request) {
      const display = await DisplaySource.open(request);
      opened.get(request.source)?.close();
      opened.set(request.source, display);
    },
    async start(request) {
      await run?.stop();
      run = new PageRun(request, host);
      return run.start(takeOpened());
    },
    async pause() {
      run?.pause();
    },
    async resume() {
      if (run === undefined) closeOpened();
      else run.resume(takeOpened());
    },
    async rest() {
      run?.rest();
    },
    async looked(answer) {
      run?.looked(answer);
    },
    async wake() {
      run?.wake();
    },
    async stop() {
      closeOpened();
      const ending = run;
      run = undefined;
      await ending?.stop();
    },
  };
}
