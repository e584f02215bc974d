import { formatTime } from '../shared/format';
import type { HistoryEntry } from '../shared/snapshot';
import { h, keyedList } from './dom';
import { section, type Region, type RegionContext } from './region';

const MAX_ROWS = 50;

/** What happened to the day's recordings, newest first. */
export function historyRegion({ translator }: RegionContext): Region {
  const { text, locale } = translator;
  const body = h('tbody');
  const heading = (key: 'history.time' | 'history.event' | 'history.recording'): HTMLElement => h('th', { scope: 'col' }, text(key));
  const table = h(
    'table',
    { 'aria-labelledby': 'history-title' },
    h('thead', {}, h('tr', {}, heading('history.time'), heading('history.event'), heading('history.recording'))),
    body,
  );
  const none = h('p', { class: 'quiet' }, text('history.none'));
  const update = keyedList<HistoryEntry>(body, {
    key: ({ time, recordingId, event }) => `${time} ${recordingId} ${event}`,
    create: ({ time, event, recordingId, reason }) => {
      const what = h('td', { 'data-event': event }, text(`history.${event}`));
      if (reason !== undefined) what.append(': ', h('span', { lang: 'en' }, reason));
      const element = h('tr', {}, h('td', {}, formatTime(time, locale)), what, h('td', { class: 'id' }, recordingId));
      return { element, update: () => undefined };
    },
  });
  return {
    element: section('history', text('history.title'), none, table),
    update({ history }) {
      none.hidden = history.length > 0;
      table.hidden = history.length === 0;
      update(history.slice(-MAX_ROWS).reverse());
    },
  };
}
