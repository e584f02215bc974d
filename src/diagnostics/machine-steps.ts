import { randomUUID } from 'node:crypto';
import { dataPaths } from '../config/data-paths';
import type { Configuration } from '../config/schema';
import { errnoOf } from '../lib/errno-of';
import type { Keychain } from '../lib/keychain';
import { Secret } from '../lib/secret';
import { describeError } from '../shared/errors';
import { certificateStep } from './certificate-step';
import { CONFIGURATION } from './configuration-step';
import type { ExaminedMachine } from './examined-machine';
import { masksStep } from './masks-step';
import { portStep } from './port-step';
import { screenStep } from './screen-step';
import { failed, ok, skipped, warning, type Step, type StepResult } from './step';

const DATA_DIRECTORY = 'data directory';
const SCREEN = 'screen';
const KEYCHAIN_REMEDY = 'Install, start and unlock the keychain (on Linux a Secret Service such as gnome-keyring).';
const NETWORK_REMEDY = 'Find out what is wrong with this computer’s network.';
const DISK_REMEDY = 'Find out what is wrong with this computer’s disk.';

/** What the machine itself must offer: folder, disk, keychain, certificate, ports, a screen, a browser. */
export function machineSteps(config: Configuration, keychain: Keychain, machine: ExaminedMachine): readonly Step[] {
  const needs = [CONFIGURATION];
  return [
    { name: DATA_DIRECTORY, remedy: DISK_REMEDY, look: () => dataDirectoryStep(config, machine) },
    { name: 'disk', remedy: DISK_REMEDY, needs: [DATA_DIRECTORY], look: () => diskStep(config, machine) },
    { name: 'keychain', remedy: KEYCHAIN_REMEDY, look: () => keychainStep(config, keychain) },
    {
      name: 'https certificate',
      remedy: 'Correct the settings https.*, the files they name, or the rights on the folder "certificate" in the data directory.',
      needs: [CONFIGURATION, DATA_DIRECTORY],
      look: () => certificateStep(config, keychain, machine.now()),
    },
    { name: 'http port', remedy: NETWORK_REMEDY, needs, look: () => portStep('http', config.http, config) },
    { name: 'https port', remedy: NETWORK_REMEDY, needs, look: () => portStep('https', config.https, config) },
    { name: SCREEN, remedy: 'Run inside the agent’s session.', look: () => screenStep(machine.platform, machine.env) },
    {
      name: 'masks',
      remedy: 'Run inside the agent’s session.',
      needs: [CONFIGURATION, SCREEN],
      look: () => masksStep(config.recording, machine.windows, machine.platform),
    },
    { name: 'browser', remedy: '', look: () => browserStep(machine) },
    { name: 'start at login', remedy: 'Look at the system’s list of what starts at login.', needs, look: () => startStep(config, machine) },
  ];
}

async function dataDirectoryStep({ dataDirectory }: Configuration, machine: ExaminedMachine): Promise<StepResult> {
  const { spool, logs } = dataPaths(dataDirectory);
  for (const folder of [dataDirectory, spool, logs]) {
    try {
      await machine.openFolder(folder);
    } catch (error) {
      if (folder !== dataDirectory && errnoOf(error) === 'ENOENT') continue; // made at the first start
      return failed(
        DATA_DIRECTORY,
        `${folder} cannot be written: ${describeError(error)}`,
        'Give the agent’s account write access, or set dataDirectory.',
      );
    }
  }
  return ok(DATA_DIRECTORY, `${dataDirectory} can be written.`);
}

async function diskStep({ dataDirectory, spool }: Configuration, machine: ExaminedMachine): Promise<StepResult> {
  const freeMegabytes = Math.floor((await machine.freeBytes(dataDirectory)) / 1e6);
  const text = `${freeMegabytes} MB are free; recording stops below ${spool.minFreeMegabytes} MB.`;
  if (freeMegabytes < spool.minFreeMegabytes) return failed('disk', text, 'Free some space, or lower spool.minFreeMegabytes.');
  if (freeMegabytes < 2 * spool.minFreeMegabytes) return warning('disk', text, 'Free some space soon.');
  return ok('disk', text);
}

async function keychainStep({ spool, credentialStore }: Configuration, keychain: Keychain): Promise<StepResult> {
  const account = `doctor-${randomUUID()}`;
  try {
    await keychain.set(account, new Secret('probe'));
    const kept = await keychain.get(account);
    await keychain.delete(account);
    if (kept?.reveal() !== 'probe') throw new Error('It does not give back what it was given.');
    return ok('keychain', 'The system’s keychain can be written and read.');
  } catch (error) {
    const result = spool.keyFallback === 'refuse' && spool.encrypt ? failed : warning;
    const effect =
      credentialStore === 'keychain'
        ? 'After a restart the agent desktop must log in again, and the spool’s key lies in a file.'
        : 'The spool’s key lies in a file.';
    return result('keychain', `${describeError(error)} ${effect}`, KEYCHAIN_REMEDY);
  }
}

async function browserStep({ findBrowser }: ExaminedMachine): Promise<StepResult> {
  if (findBrowser === undefined) return skipped('browser', 'The application brings its own.');
  try {
    return ok('browser', `${await findBrowser()} captures the screen of the headless service.`);
  } catch (error) {
    return failed('browser', describeError(error), 'The headless service cannot record without one; the tray application can.');
  }
}

async function startStep({ autoStart }: Configuration, { startsAtLogin }: ExaminedMachine): Promise<StepResult> {
  const name = 'start at login';
  if (startsAtLogin === undefined) return skipped(name, 'Not an installed program.');
  if (!autoStart) return skipped(name, 'Not wanted (autoStart is false).');
  if (await startsAtLogin()) return ok(name, 'The system starts the program when the agent signs in.');
  return warning(
    name,
    'The system will not start the program at the next login, though autoStart is true.',
    'Start it once by hand, which sets it up; if it is switched off in the system’s own settings, switch it on there.',
  );
}
