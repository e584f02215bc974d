import pino from 'pino';
import type { LogMessage } from '../shared/log-events/catalogue';
import type { LogLevel } from '../shared/log-level';
import { redactFields } from './redact';

export type LogFields = Readonly<Record<string, unknown>>;

/** One fixed, declared message per place (shared/log-events), variable parts in the fields. Secrets, URL queries and user folders are removed here. */
export interface Logger {
  debug(message: LogMessage<'debug'>, fields?: LogFields): void;
  info(message: LogMessage<'info'>, fields?: LogFields): void;
  warn(message: LogMessage<'warn'>, fields?: LogFields): void;
  error(message: LogMessage<'error'>, fields?: LogFields): void;
  /** A logger whose lines carry `area`. */
  child(area: string): Logger;
}

export interface LogSink {
  write(line: string): void;
}

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * Writes JSON lines (`time`, `level`, `area`, `msg`, fields) to every sink.
 * @param level the least one that is written; asked for each line where it may change
 */
export function createLogger(level: LogLevel | (() => LogLevel), sinks: readonly LogSink[]): Logger {
  const root = pino(
    { level: 'debug', base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    { write: (line: string) => sinks.forEach((sink) => sink.write(line)) },
  );
  return wrap(root, typeof level === 'function' ? level : () => level);
}

function wrap(target: pino.Logger, least: () => LogLevel): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (RANKS[level] >= RANKS[least()]) target[level](redactFields(fields), message);
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (area) => wrap(target.child({ area }), least),
  };
}

/** For tests and tools that want no log. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
