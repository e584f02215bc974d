import type { Configuration } from '../config/schema';
import type { Keychain } from '../lib/keychain';
import { CONFIGURATION, configurationStep, serverStep } from './configuration-step';
import type { ExaminedMachine } from './examined-machine';
import { machineSteps } from './machine-steps';
import { rwsSteps } from './rws-steps';
import { makeSteps, type Step, type StepOptions, type StepResult } from './step';

export interface Examined {
  readonly config: Configuration;
  /** Why `config` is that of the defaults. */
  readonly fault?: string | undefined;
  readonly keychain: Keychain;
  readonly machine: ExaminedMachine;
}

/**
 * Looks at the machine and the way to RWS, step by step (config-and-cli.md, `srs doctor`). Sends no credentials of an agent and changes
 * nothing but a keychain entry that it removes again. What only follows from a failed step is `skipped` and says from which.
 */
export async function examine({ config, fault, keychain, machine }: Examined, options: StepOptions = {}): Promise<readonly StepResult[]> {
  const needs = [CONFIGURATION];
  const steps: Step[] = [
    { name: CONFIGURATION, remedy: '', look: async () => configurationStep(config, fault) },
    ...machineSteps(config, keychain, machine),
    { name: 'server', remedy: '', needs, look: async () => serverStep(config) },
  ];
  const results = await makeSteps(steps, options);
  const servers = [config.server, config.peer_server].filter((server) => server !== undefined);
  for (const server of servers) results.push(...(await makeSteps(rwsSteps(server, config, machine), options)));
  return results;
}
