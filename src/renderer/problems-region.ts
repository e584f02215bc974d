import { PROBLEMS } from '../shared/problem-catalogue';
import { formatTime } from '../shared/format';
import type { Problem } from '../shared/snapshot';
import { h, keyedList, setAttribute, setText } from './dom';
import type { Region, RegionContext } from './region';

/** What a person should know, each with the button that helps. New ones are announced. */
export function problemsRegion({ translator, run }: RegionContext): Region {
  const { text, locale } = translator;
  const list = h('ul', { class: 'cards', role: 'list', 'aria-live': 'polite' });
  const update = keyedList<Problem>(list, {
    key: ({ code }) => code,
    create: ({ code, since }) => {
      const details = h('span', { lang: 'en' });
      const button = h('button', { type: 'button' }, text(`action.${PROBLEMS[code].action}`));
      button.addEventListener('click', () => run(PROBLEMS[code].action));
      const element = h(
        'li',
        { class: 'problem', 'data-problem': code },
        h('h3', {}, text(`problem.${code}.text`)),
        h('p', {}, text(`problem.${code}.remedy`)),
        h('p', { class: 'quiet' }, text('problems.since', { time: formatTime(since, locale) }), ' · ', details),
        button,
      );
      return { element, update: (problem) => setText(details, text('problems.details', { text: problem.text })) };
    },
  });
  // Empty it has no place; the live region itself stays, or nothing would be announced.
  const heading = h('h2', { id: 'problems-title' }, text('problems.title'));
  const element = h('section', { id: 'problems', 'aria-labelledby': 'problems-title' }, heading, list);
  return {
    element,
    update({ problems }) {
      setAttribute(element, 'data-empty', problems.length === 0);
      update(problems);
    },
  };
}
