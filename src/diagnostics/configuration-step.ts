import type { Configuration } from '../config/schema';
import { failed, ok, warning, type StepResult } from './step';

export const CONFIGURATION = 'configuration';

/** @param fault why `config` is that of the defaults */
export function configurationStep({ enabled, notUsed }: Configuration, fault: string | undefined): StepResult {
  if (fault !== undefined) {
    return failed(
      CONFIGURATION,
      fault,
      'Correct it; the service does not start until then. The steps that need no settings are made all the same.',
    );
  }
  const unknown = (notUsed?.unknown ?? []).map(({ key, source }) => `${key ?? 'a line'} (${source})`);
  const refused = (notUsed?.refused ?? []).map(({ key, source }) => `${key} (${source})`);
  if (unknown.length > 0) {
    return warning(
      CONFIGURATION,
      `Settings that this version does not know have no effect: ${unknown.join(', ')}.`,
      'Correct their names (docs/settings.md), or install the version they are for.',
    );
  }
  if (refused.length > 0) {
    return warning(
      CONFIGURATION,
      `Settings that an administrator locked are set again, without effect: ${refused.join(', ')}.`,
      'Take them out, or unlock them where "locked" names them.',
    );
  }
  if (!enabled) {
    return warning(
      CONFIGURATION,
      'The service is switched off ("enabled": false).',
      'Set "enabled" to true when recordings are wanted again.',
    );
  }
  return ok(CONFIGURATION, 'It can be used, and every setting is known.');
}

/** Whether a login can lead anywhere. */
export function serverStep({ server, allowedServers }: Configuration): StepResult {
  const name = 'server';
  if (server !== undefined) return ok(name, `RWS is ${server}.`);
  if (allowedServers.length > 0) {
    return warning(
      name,
      'No RWS server is configured: each login must bring one.',
      'Set server (and peer_server) unless the agent desktop sends them.',
    );
  }
  const remedy = 'Set server (and peer_server), or allowedServers for those that the agent desktop may name.';
  return failed(name, 'No RWS server is configured, so every login is refused.', remedy);
}
