import type { Configuration } from '../config/schema';
import type { Keychain } from '../lib/keychain';
import { describeError } from '../shared/errors';
import { machineSteps } from './machine-steps';
import { rwsSteps } from './rws-steps';
import { failed, warning, withinStepLimit, type Step, type StepResult } from './step';

/**
 * Looks at the machine and the way to RWS, step by step (config-and-cli.md, `srs doctor`). Sends no credentials and changes nothing
 * but a keychain entry that it removes again.
 * @param onStep told of every step as it ends
 */
export async function examine(
  config: Configuration,
  keychain: Keychain,
  onStep: (result: StepResult) => void = () => undefined,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  const note = (result: StepResult): void => {
    results.push(result);
    onStep(result);
  };
  for (const step of machineSteps(config, keychain)) note(await resultOf(step));
  const servers = [config.server, config.peer_server].filter((server) => server !== undefined);
  if (servers.length === 0) note(unconfigured(config));
  for (const server of servers) await rwsSteps(server, config, note);
  return results;
}

/** A step that hangs or breaks says so, and the next ones are still made. */
async function resultOf({ name, look }: Step): Promise<StepResult> {
  try {
    return await withinStepLimit(look());
  } catch (error) {
    return failed(
      name,
      `This could not be looked at: ${describeError(error)}`,
      'Find out what is wrong with this computer’s disks or network.',
    );
  }
}

function unconfigured({ allowedServers }: Configuration): StepResult {
  if (allowedServers.length === 0) {
    const remedy = 'Set server (and peer_server), or allowedServers for those that the agent desktop may name.';
    return failed('server', 'No RWS server is configured, so every login is refused.', remedy);
  }
  const remedy = 'Set server (and peer_server) unless the agent desktop sends them.';
  return warning('server', 'No RWS server is configured: each login must bring one.', remedy);
}
