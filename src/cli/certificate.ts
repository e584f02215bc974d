import type { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { Command } from 'commander';
import { dataPaths } from '../config/data-paths';
import { certificateFacts, describeCertificate } from '../certificate/describe';
import { CertificateError } from '../certificate/errors';
import { hasOrganisationCertificate, loadOrganisationCertificate, PASSPHRASE_ACCOUNT } from '../certificate/organisation-certificate';
import { OwnCertificateKeeper } from '../certificate/own-certificate';
import { trustAuthority } from '../certificate/trust-store';
import { loadConfiguration } from '../config/load-configuration';
import type { Configuration } from '../config/schema';
import { SystemClock } from '../lib/clock';
import { DirectoryKeychain } from '../lib/directory-keychain';
import type { Keychain } from '../lib/keychain';
import { silentLogger } from '../lib/logger';
import { Secret } from '../lib/secret';
import { omitUndefined } from '../shared/omit-undefined';
import { readSecret } from './read-secret';

const KEY_PLACES = {
  keychain: 'in the keychain',
  unreachable: 'in the keychain, which cannot be reached from here',
  discarded: 'discarded: the next certificate comes from a new authority',
} as const;

interface Options {
  readonly config?: string;
}

interface JsonOptions extends Options {
  readonly json?: boolean;
}

interface RenewOptions extends JsonOptions {
  readonly authority?: boolean;
}

type OpenKeychain = () => Keychain;

/** `srs certificate show|export|trust|renew|passphrase` (config-and-cli.md, *Command line*). */
export function certificateCommand(openKeychain: OpenKeychain): Command {
  const certificate = new Command('certificate').description('the certificate of the https address');
  const add = (usage: string, description: string): Command =>
    certificate
      .command(usage)
      .description(description)
      .option('--config <file>', 'this configuration file instead of the machine’s and the user’s')
      .option('--json', 'as JSON');
  add('show', 'print the certificate and its authority').action((options: JsonOptions) => show(options, openKeychain()));
  add('export', 'write the authority’s certificate as PEM, to give it to browsers and policies')
    .argument('[file]', 'where to; standard output if absent')
    .action((file: string | undefined, options: JsonOptions) => exportAuthority(file, options, openKeychain()));
  add('trust', 'make this user’s browsers trust the authority').action((options: JsonOptions) => trust(options, openKeychain()));
  add('renew', 'make a new certificate; a running service takes it over within five minutes')
    .option('--authority', 'a new authority too, which then has to be trusted again')
    .action((options: RenewOptions) => renew(options, openKeychain()));
  add('passphrase', 'store the passphrase of https.pfx or https.key in the keychain; read from standard input').action(
    (options: JsonOptions) => storePassphrase(options, openKeychain()),
  );
  return certificate;
}

async function show(options: JsonOptions, keychain: Keychain): Promise<void> {
  const config = await load(options);
  if (hasOrganisationCertificate(config.https)) {
    const { certificate } = await loadOrganisationCertificate(config.https, new DirectoryKeychain(keychain, config.dataDirectory));
    if (options.json === true) return printJson({ madeBy: 'organisation', certificate: certificateFacts(certificate) });
    return print('Certificate of the organisation', ...describeCertificate(certificate));
  }
  const keeper = createKeeper(config, keychain);
  const own = await keeper.ensure();
  if (options.json === true) {
    const facts = { certificate: certificateFacts(own.server.certificate), authority: certificateFacts(own.authority) };
    return printJson({
      madeBy: 'service',
      ...facts,
      authorityFile: keeper.files.authorityFile,
      authorityKey: await keeper.whereIsKey(own),
    });
  }
  print(
    'Certificate made by the service',
    ...describeCertificate(own.server.certificate),
    '',
    'Its authority, limited to this computer',
    ...describeCertificate(own.authority),
    `File:         ${keeper.files.authorityFile}`,
    `Key:          ${KEY_PLACES[await keeper.whereIsKey(own)]}`,
  );
}

async function exportAuthority(file: string | undefined, options: JsonOptions, keychain: Keychain): Promise<void> {
  const { authority } = await (await ownKeeper(options, keychain)).ensure();
  const pem = authority.toString();
  if (file !== undefined) {
    await writeFile(file, pem).catch((cause: unknown) => Promise.reject(new CertificateError(`Could not write ${file}.`, cause)));
  }
  if (options.json === true) printJson({ authority: certificateFacts(authority), pem, ...omitUndefined({ file }) });
  else if (file === undefined) process.stdout.write(pem);
}

async function trust(options: JsonOptions, keychain: Keychain): Promise<void> {
  const keeper = await ownKeeper(options, keychain);
  const { authority } = await keeper.ensure();
  const name = authorityName(authority);
  await trustAuthority({
    platform: process.platform,
    homeDirectory: homedir(),
    authorityFile: keeper.files.authorityFile,
    name,
    systemRoot: process.env['SystemRoot'],
  });
  if (options.json === true) {
    return printJson({ authority: certificateFacts(authority), authorityFile: keeper.files.authorityFile, name });
  }
  print(`This user’s browsers now trust "${name}". Restart those that are open. Firefox may need it imported: see docs/agent-desktops.md.`);
}

async function renew(options: RenewOptions, keychain: Keychain): Promise<void> {
  const renewed = await (await ownKeeper(options, keychain)).renew({ isNewAuthority: options.authority ?? false });
  if (options.json === true) {
    const { isNewAuthority, server, authority } = renewed;
    return printJson({ certificate: certificateFacts(server.certificate), authority: certificateFacts(authority), isNewAuthority });
  }
  print(...describeCertificate(renewed.server.certificate));
  if (renewed.isNewAuthority) print('', 'The authority is new: run "srs certificate trust".');
}

async function storePassphrase(options: JsonOptions, keychain: Keychain): Promise<void> {
  const { dataDirectory } = await load(options);
  const passphrase = await readSecret('Passphrase: ');
  await new DirectoryKeychain(keychain, dataDirectory).set(PASSPHRASE_ACCOUNT, new Secret(passphrase));
  if (options.json === true) printJson({ isStored: true });
  else print('The passphrase is in the keychain.');
}

/** The keeper of the service's own certificate; there is none to export, trust or renew when the organisation brought its own. */
async function ownKeeper(options: Options, keychain: Keychain): Promise<OwnCertificateKeeper> {
  const config = await load(options);
  if (hasOrganisationCertificate(config.https)) {
    throw new CertificateError(
      'The configuration names the organisation’s own certificate (https.certificate or https.pfx): it is renewed and trusted there.',
    );
  }
  return createKeeper(config, keychain);
}

function createKeeper(config: Configuration, keychain: Keychain): OwnCertificateKeeper {
  const directory = dataPaths(config.dataDirectory).certificate;
  return new OwnCertificateKeeper({ directory, keychain, clock: new SystemClock(), log: silentLogger });
}

function load({ config: file }: Options): Promise<Configuration> {
  return loadConfiguration(omitUndefined({ file }));
}

function authorityName({ subject }: X509Certificate): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? subject;
}

function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
