import type { Configuration } from '../config/schema';
import type { Logger } from '../lib/logger';
import type { ProblemReporter } from '../shared/problems';

/** Tells of what was set and has no effect: a misspelt key, one of a later version, one that a lock keeps out. Values stay unsaid. */
export function tellUnusedSettings({ notUsed }: Configuration, log: Logger, problems: ProblemReporter): void {
  for (const { key, source } of notUsed?.refused ?? []) log.warn('a setting is not used: it is locked', { key, source });
  const unknown = notUsed?.unknown ?? [];
  for (const { key, source, text } of unknown) log.warn('a setting is not used: it is not known', { key, source, text });
  if (unknown.length > 0) problems.raise('configurationUnknown', { keys: [...new Set(unknown.map(({ key, source }) => key ?? source))] });
}
