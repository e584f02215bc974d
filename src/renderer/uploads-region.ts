import { formatBytes, formatPercent, formatSpan, formatTime } from '../shared/format';
import type { UploadJobState, UploadJobView } from '../shared/snapshot';
import type { Translator } from '../shared/translate';
import { h, keyedList, setText } from './dom';
import { section, type Region, type RegionContext } from './region';

/** What waits or is on its way, one card each; how many there are says the overview. */
export function uploadsRegion({ translator, retryUpload }: RegionContext): Region {
  const { text } = translator;
  const list = h('ul', { class: 'cards', role: 'list' });
  const update = keyedList<UploadJobView>(list, {
    key: ({ mediaId }) => mediaId,
    create: (job) => uploadCard(job, translator, retryUpload),
  });
  const element = section('uploads', text('uploads.title'), list);
  return {
    element,
    update({ uploads }) {
      element.hidden = uploads.jobs.length === 0;
      update(uploads.jobs);
    },
  };
}

function uploadCard(job: UploadJobView, translator: Translator, retry: (mediaId: string) => void) {
  const { text, locale } = translator;
  const id = job.recordingId;
  const state = h('span', { class: 'upload-state' });
  const reason = h('p', { class: 'quiet', lang: 'en' });
  const progress = h('progress', { 'aria-label': text('uploads.progressLabel', { id }) });
  const button = h(
    'button',
    { type: 'button', 'aria-label': `${text('uploads.retry')}: ${text('uploads.progressLabel', { id })}` },
    text('uploads.retry'),
  );
  button.addEventListener('click', () => retry(job.mediaId));
  const recorded = text('uploads.recordedAt', { time: formatTime(job.createdAt, locale), size: formatBytes(job.size, locale) });
  const element = h('li', { class: 'upload' }, h('h3', {}, recorded), state, progress, reason, button);
  return {
    element,
    update: ({ state: next }: UploadJobView): void => {
      setText(state, describeUpload(next, translator));
      setText(reason, 'reason' in next ? next.reason : '');
      reason.hidden = !('reason' in next);
      progress.hidden = next.status !== 'uploading';
      button.hidden = next.status !== 'waiting' && next.status !== 'quarantined';
      if (next.status === 'uploading') {
        progress.max = next.total;
        progress.value = next.sent;
      }
    },
  };
}

function describeUpload(state: UploadJobState, { text, locale }: Translator): string {
  switch (state.status) {
    case 'ready':
    case 'quarantined':
      return text(`uploads.${state.status}`);
    case 'uploading': {
      const percent = formatPercent(state.total === 0 ? 0 : state.sent / state.total, locale);
      if (state.estimatedSeconds === undefined) return text('uploads.uploading', { percent });
      return text('uploads.uploadingLeft', { percent, span: formatSpan(state.estimatedSeconds * 1000, locale) });
    }
    case 'waiting':
      return state.nextTry === undefined ? text('uploads.later') : text('uploads.retrying', { time: formatTime(state.nextTry, locale) });
  }
}
