import { Command } from 'commander';
import { resolve } from 'node:path';
import { loadForDiagnosis } from '../config/load-for-diagnosis';
import { examine } from '../diagnostics/doctor';
import type { ExaminedMachine } from '../diagnostics/examined-machine';
import { supportBundleName, writeSupportBundle } from '../diagnostics/support-bundle';
import type { Keychain } from '../lib/keychain';
import { isAppError } from '../shared/errors';
import { omitUndefined } from '../shared/omit-undefined';
import { fetchSnapshot } from './running-service';

/** `srs support-bundle [FILE]` (config-and-cli.md, *Command line*). */
export function supportBundleCommand(openKeychain: () => Keychain, machine: ExaminedMachine): Command {
  return new Command('support-bundle')
    .description('collect logs, settings, state and checks in one zip, without secrets and without pictures of the screen')
    .argument('[file]', 'the zip to write; by default a new one in this folder')
    .option('--config <file>', 'the configuration file the service runs with')
    .option('--json', 'as JSON')
    .action(async (file: string | undefined, { config: configFile, json }: { config?: string; json?: boolean }) => {
      const { config, fault } = await loadForDiagnosis(omitUndefined({ file: configFile }));
      const snapshot = await fetchSnapshot(config).catch((error: unknown) => {
        if (isAppError(error)) return undefined; // not running: the rest is worth having
        throw error;
      });
      const target = resolve(file ?? supportBundleName(new Date()));
      const displays = snapshot !== undefined && 'displays' in snapshot.recorder ? snapshot.recorder.displays : [];
      await writeSupportBundle(target, {
        config,
        snapshot,
        doctor: () => examine({ config, fault, keychain: openKeychain(), machine }),
        displays,
        ...omitUndefined({ fault }),
      });
      process.stdout.write(json === true ? `${JSON.stringify({ file: target }, null, 2)}\n` : `${target}\n`);
    });
}
