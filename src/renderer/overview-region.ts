import { formatBytes, formatElapsed } from '../shared/format';
import type { RecorderState, UploadsState } from '../shared/snapshot';
import type { Translator } from '../shared/translate';
import { factList } from './facts';
import { section, type Region, type RegionContext } from './region';
import { sessionHeadline } from './session-facts';

/** One line each: the recorder, the session, the uploads. */
export function overviewRegion({ translator }: RegionContext): Region {
  const { text } = translator;
  const facts = factList();
  return {
    element: section('overview', text('overview.title'), facts.element),
    update({ recorder, session, uploads }, now) {
      facts.update([
        { name: text('recorder.title'), value: recorderLine(recorder, translator, now) },
        { name: text('session.title'), value: sessionHeadline(session, translator) },
        { name: text('uploads.title'), value: uploadsLine(uploads, translator) },
      ]);
    },
  };
}

function recorderLine(recorder: RecorderState, { text }: Translator, now: number): string {
  const state = text(`recorder.${recorder.status}`);
  if (recorder.status === 'idle' || recorder.status === 'failed') return state;
  return text('recorder.elapsedSpan', { state, span: formatElapsed(now - Date.parse(recorder.since)) });
}

function uploadsLine({ jobs, pendingBytes }: UploadsState, { text, plural, locale }: Translator): string {
  if (jobs.length === 0) return text('uploads.none');
  return plural('uploads.waiting', jobs.length, { size: formatBytes(pendingBytes, locale) });
}
