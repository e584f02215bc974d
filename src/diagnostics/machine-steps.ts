import { randomUUID } from 'node:crypto';
import { access, constants, statfs } from 'node:fs/promises';
import type { Configuration } from '../config/schema';
import { describeError } from '../shared/errors';
import type { Keychain } from '../lib/keychain';
import { Secret } from '../lib/secret';
import { portStep } from './port-step';
import { screenStep } from './screen-step';
import { failed, ok, warning, type Step, type StepResult } from './step';

/** What the machine itself must offer: folder, disk, keychain, ports, a screen. */
export function machineSteps(config: Configuration, keychain: Keychain): readonly Step[] {
  return [
    { name: 'data directory', look: () => dataDirectoryStep(config) },
    { name: 'disk', look: () => diskStep(config) },
    { name: 'keychain', look: () => keychainStep(config, keychain) },
    { name: 'http port', look: () => portStep('http', config.http, config) },
    { name: 'https port', look: () => portStep('https', config.https, config) },
    { name: 'screen', look: () => screenStep() },
  ];
}

async function dataDirectoryStep({ dataDirectory }: Configuration): Promise<StepResult> {
  try {
    await access(dataDirectory, constants.R_OK | constants.W_OK);
    return ok('data directory', `${dataDirectory} can be written.`);
  } catch (error) {
    return failed(
      'data directory',
      `${dataDirectory} cannot be written: ${describeError(error)}`,
      'Give the agent’s account write access, or set dataDirectory.',
    );
  }
}

async function diskStep({ dataDirectory, spool }: Configuration): Promise<StepResult> {
  const { bavail, bsize } = await statfs(dataDirectory);
  const freeMegabytes = Math.floor((bavail * bsize) / 1e6);
  const text = `${freeMegabytes} MB are free; recording stops below ${spool.minFreeMegabytes} MB.`;
  if (freeMegabytes < spool.minFreeMegabytes) return failed('disk', text, 'Free some space, or lower spool.minFreeMegabytes.');
  if (freeMegabytes < 2 * spool.minFreeMegabytes) return warning('disk', text, 'Free some space soon.');
  return ok('disk', text);
}

async function keychainStep({ spool, credentialStore }: Configuration, keychain: Keychain): Promise<StepResult> {
  const account = `doctor-${randomUUID()}`;
  try {
    await keychain.set(account, new Secret('probe'));
    await keychain.delete(account);
    return ok('keychain', 'The system’s keychain can be written and read.');
  } catch (error) {
    const result = spool.keyFallback === 'refuse' && spool.encrypt ? failed : warning;
    const effect =
      credentialStore === 'keychain'
        ? 'After a restart the agent desktop must log in again, and the spool’s key lies in a file.'
        : 'The spool’s key lies in a file.';
    return result(
      'keychain',
      `${describeError(error)} ${effect}`,
      'Install, start and unlock the keychain (on Linux a Secret Service such as gnome-keyring).',
    );
  }
}
