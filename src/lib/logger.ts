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

/** Writes JSON lines (`time`, `level`, `area`, `msg`, fields) to every sink. */
export function createLogger(level: LogLevel, sinks: readonly LogSink[]): Logger {
  const root = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    { write: (line: string) => sinks.forEach((sink) => sink.write(line)) },
  );
  return wrap(root);
}

function wrap(target: pino.Logger): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      target[level](redactFields(fields), message);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (area) => wrap(target.child({ area })),
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
