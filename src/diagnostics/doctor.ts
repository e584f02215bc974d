import type { Configuration } from '../config/schema';
import type { Keychain } from '../lib/keychain';
import { machineSteps } from './machine-steps';
import { rwsSteps } from './rws-steps';
import { failed, warning, type StepResult } from './step';

/**
 * Looks at the machine and the way to RWS, step by step (config-and-cli.md, `srs doctor`). Sends no credentials and changes nothing
 * but a keychain entry that it removes again.
 */
export async function examine(config: Configuration, keychain: Keychain): Promise<readonly StepResult[]> {
  const servers = [config.server, config.peer_server].filter((server) => server !== undefined);
  return [
    ...(await machineSteps(config, keychain)),
    ...(servers.length === 0 ? [unconfigured(config)] : (await Promise.all(servers.map((server) => rwsSteps(server, config)))).flat()),
  ];
}

function unconfigured({ allowedServers }: Configuration): StepResult {
  if (allowedServers.length === 0) {
    const remedy = 'Set server (and peer_server), or allowedServers for those that the agent desktop may name.';
    return failed('server', 'No RWS server is configured, so every login is refused.', remedy);
  }
  const remedy = 'Set server (and peer_server) unless the agent desktop sends them.';
  return warning('server', 'No RWS server is configured: each login must bring one.', remedy);
}
