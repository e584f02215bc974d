import { LOG_EVENTS } from '../../src/shared/log-events/catalogue';
import type { LogEvents } from '../../src/shared/log-events/declaration';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** `docs/log-events.md`: every line the log can hold, from the catalogue that the logger is typed by. */
export function logEventsPage(): string {
  return [
    '# Log events',
    '',
    'The log lies in `logs` of the data directory: one JSON object a line, with `time`, `level`, `area`, `msg` and fields. `msg` is one of the fixed texts below, so that a log',
    'collector can look for it; what varies is in the fields. `reason` is one plain sentence, `error` has the stack too. Secrets, user names in paths and queries of addresses are removed.',
    'Level `info` (the default) writes everything but `debug`; see `log.level` in [settings.md](settings.md).',
    '',
    'Written by `node scripts/generate-docs.mjs` from `src/shared/log-events`.',
    '',
    ...Object.entries(LOG_EVENTS).flatMap(([subject, events]) => [`## ${subject}`, '', ...table(events), '']),
  ].join('\n');
}

function table(events: LogEvents): string[] {
  const rows = LEVELS.flatMap((level) =>
    Object.entries(events[level] ?? {}).map(([text, meaning]) => `| ${level} | ${text} | ${meaning} |`),
  );
  return ['| level | msg | meaning |', '|---|---|---|', ...rows];
}
