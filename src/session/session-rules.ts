import type { Random } from '../lib/backoff';
import type { SessionRules } from './session-states';

/** The part of the configuration a session goes by (config-and-cli.md). */
export interface SessionSettings {
  readonly pingTimeoutSeconds: number;
  readonly failoverAfterSeconds: number;
  readonly failbackProbeSeconds: number;
}

export function toSessionRules(settings: SessionSettings, random: Random): SessionRules {
  return {
    pollTimeoutMs: settings.pingTimeoutSeconds * 1000,
    failoverAfterMs: settings.failoverAfterSeconds * 1000,
    failbackProbeMs: settings.failbackProbeSeconds * 1000,
    random,
  };
}
