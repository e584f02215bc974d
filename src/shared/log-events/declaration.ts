import type { LogLevel } from '../log-level';

/** The log lines of one subject: the fixed text of each by level, and what it means to whoever reads the log. */
export type LogEvents = Readonly<Partial<Record<LogLevel, Readonly<Record<string, string>>>>>;

/** What no user can cause or mend. The rest of the program goes on. */
export const FAULT = 'A fault of this program. The rest goes on; send the support bundle to whoever maintains it.';
