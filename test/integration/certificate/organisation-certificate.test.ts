import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PASSPHRASE_ACCOUNT, type OrganisationSettings } from '../../../src/certificate/organisation-certificate';
import { createTlsMaterial, type TlsMaterialSource } from '../../../src/certificate/tls-material';
import { SideFiles } from '../../../src/lib/side-files';
import { silentLogger } from '../../../src/lib/logger';
import { Secret } from '../../../src/lib/secret';
import { FakeClock } from '../../fakes/fake-clock';
import { FakeKeychain } from '../../fakes/fake-keychain';
import { FakeProblems } from '../../fakes/fake-problems';
import { shakeHands } from '../../support/tls-handshake';
import { until } from '../../support/until';

const PASSPHRASE = 'correct horse';
const CHECK_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

let made: string;
let root: string;
let keychain: FakeKeychain;
let problems: FakeProblems;
let clock: FakeClock;
let source: TlsMaterialSource | undefined;

/** What an organisation's own tools would make. */
beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'srs-organisation-'));
  const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { cwd: made, stdio: 'pipe' });
  for (const name of ['first', 'second']) {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      '365',
      '-subj',
      `/CN=${name}`,
      '-addext',
      'subjectAltName=IP:127.0.0.1,DNS:localhost',
    );
  }
  openssl('pkcs8', '-topk8', '-in', 'first.key', '-out', 'encrypted.key', '-passout', `pass:${PASSPHRASE}`);
  const old = ['-provider', 'legacy', '-provider', 'default'];
  openssl('pkcs8', '-topk8', '-v1', 'PBE-SHA1-RC2-40', ...old, '-in', 'first.key', '-out', 'rc2.key', '-passout', `pass:${PASSPHRASE}`);
  openssl('rsa', '-des', '-traditional', ...old, '-in', 'first.key', '-out', 'des.key', '-passout', `pass:${PASSPHRASE}`);
  const pfx = (name: string, passphrase: string, ...how: string[]): unknown =>
    openssl('pkcs12', '-export', '-inkey', 'first.key', '-in', 'first.pem', '-out', name, '-passout', `pass:${passphrase}`, ...how);
  pfx('rc2.pfx', PASSPHRASE, '-legacy');
  pfx('rc2-plain.pfx', '', '-legacy');
  pfx('3des.pfx', PASSPHRASE, '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1');
  openssl('pkcs12', '-export', '-nokeys', '-in', 'first.pem', '-out', 'no-key.pfx', '-passout', `pass:${PASSPHRASE}`);
  openssl('pkcs12', '-export', '-inkey', 'first.key', '-in', 'first.pem', '-out', 'plain.pfx', '-passout', 'pass:');
  openssl('pkcs12', '-export', '-inkey', 'first.key', '-in', 'first.pem', '-out', 'protected.pfx', '-passout', `pass:${PASSPHRASE}`);
});

afterAll(() => rm(made, { recursive: true, force: true }));

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'srs-certificate-'));
  cpSync(made, root, { recursive: true });
  keychain = new FakeKeychain();
  problems = new FakeProblems();
  clock = new FakeClock(Date.now());
});

afterEach(async () => {
  await source?.stop();
  await rm(root, { recursive: true, force: true });
});

function create(settings: OrganisationSettings): TlsMaterialSource {
  const absolute = Object.fromEntries(Object.entries(settings).map(([name, file]) => [name, join(root, String(file))]));
  const sideFiles = new SideFiles({ clock, log: silentLogger, problems });
  source = createTlsMaterial({
    directory: join(root, 'certificate'),
    settings: absolute,
    keychain,
    clock,
    log: silentLogger,
    problems,
    sideFiles,
  });
  return source;
}

const PEM = { certificate: 'first.pem', key: 'first.key' };

describe('the organisation’s own certificate', () => {
  test.each<[string, OrganisationSettings, boolean]>([
    ['PEM files', PEM, false],
    ['PEM files with an encrypted key', { certificate: 'first.pem', key: 'encrypted.key' }, true],
    ['a PFX', { pfx: 'plain.pfx' }, false],
    ['a PFX with a passphrase', { pfx: 'protected.pfx' }, true],
    ['a PFX with Triple DES, as Windows exports it', { pfx: '3des.pfx' }, true],
  ])('is served from %s', async (_what, settings, needsPassphrase) => {
    if (needsPassphrase) keychain.entries.set(PASSPHRASE_ACCOUNT, new Secret(PASSPHRASE));
    const created = create(settings);
    await created.start();
    const ca = execFileSync('cat', [join(root, 'first.pem')], { encoding: 'utf8' });
    await expect(shakeHands(await created.current(), ca)).resolves.toBe('TLSv1.3');
    expect(problems.raised.size).toBe(0);
  });

  test.each<[string, OrganisationSettings, RegExp]>([
    [
      'a file that is not there',
      { certificate: 'none.pem', key: 'first.key' },
      /Could not read https\.certificate: .*none\.pem \(ENOENT\)/,
    ],
    ['a key of another certificate', { certificate: 'first.pem', key: 'second.key' }, /https\.certificate .* cannot be used .*key/i],
    ['a file that is no certificate', { certificate: 'first.key', key: 'first.key' }, /cannot be used for https/],
    ['a file that is no PFX', { pfx: 'first.pem' }, /https\.pfx .* cannot be used for https: .*no PFX.*https\.certificate/],
    ['a key whose passphrase is not known', { certificate: 'first.pem', key: 'encrypted.key' }, /srs certificate passphrase/],
    ['a PFX whose passphrase is not known', { pfx: 'protected.pfx' }, /srs certificate passphrase/],
  ])('is shown as a problem, which ends no start: %s', async (_what, settings, message) => {
    const created = create(settings);
    await created.start();
    expect(problems.raised.get('certificateUnavailable')).toMatchObject({
      text: expect.stringMatching(message),
      remedy: expect.stringContaining('https.*'),
    });
    await expect(created.current()).rejects.toMatchObject({ code: 'certificate', message: expect.stringMatching(message) });
  });

  test.each<[string, OrganisationSettings, RegExp]>([
    ['a PFX with RC2 and a passphrase', { pfx: 'rc2.pfx' }, /rc2\.pfx\) is encrypted with ciphers .*RC2.*AES256-SHA256.*pkcs12 -legacy/],
    ['a key with RC2', { certificate: 'first.pem', key: 'rc2.key' }, /rc2\.key\) is encrypted with ciphers .*openssl pkcs8/],
    ['a key with DES', { certificate: 'first.pem', key: 'des.key' }, /des\.key\) is encrypted with ciphers .*openssl pkcs8/],
    ['a PFX without a key', { pfx: 'no-key.pfx' }, /no-key\.pfx\) holds no private key/],
  ])('is refused by its own name: %s', async (_what, settings, message) => {
    keychain.entries.set(PASSPHRASE_ACCOUNT, new Secret(PASSPHRASE));
    await expect(create(settings).current()).rejects.toMatchObject({ code: 'certificate', message: expect.stringMatching(message) });
  });

  test('is refused by its own name: a PFX with RC2 and an empty passphrase', async () => {
    await expect(create({ pfx: 'rc2-plain.pfx' }).current()).rejects.toThrow(/is encrypted with ciphers/);
  });

  test('is refused with a wrong passphrase, which no message shows', async () => {
    keychain.entries.set(PASSPHRASE_ACCOUNT, new Secret('wrong-hunter2'));
    const error: unknown = await create({ pfx: 'protected.pfx' })
      .current()
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'certificate', message: expect.stringMatching(/not opened by the passphrase in the keychain/) });
    expect(String(error)).not.toContain('hunter2');
    expect(JSON.stringify([...problems.raised.values()])).not.toContain('hunter2');
  });

  test('is taken as soon as the keychain with its passphrase is unlocked', async () => {
    keychain.entries.set(PASSPHRASE_ACCOUNT, new Secret(PASSPHRASE));
    keychain.isReachable = false;
    const created = create({ pfx: 'protected.pfx' });
    const changed = new Promise<void>((resolve) => created.onChange(resolve));
    await created.start();
    expect(problems.raised.has('certificateUnavailable')).toBe(true);
    keychain.unlock();
    await changed;
    expect(problems.raised.has('certificateUnavailable')).toBe(false);
    await expect(created.current()).resolves.toMatchObject({ passphrase: PASSPHRASE });
  });

  test('is taken as soon as its files are there', async () => {
    const created = create({ certificate: 'later.pem', key: 'first.key' });
    let hasChanged = false;
    created.onChange(() => (hasChanged = true));
    await created.start();
    expect(problems.raised.has('certificateUnavailable')).toBe(true);
    cpSync(join(made, 'first.pem'), join(root, 'later.pem'));
    await until('the certificate', async () => {
      await clock.advance(30_000);
      return hasChanged;
    });
    expect(problems.raised.has('certificateUnavailable')).toBe(false);
    const ca = execFileSync('cat', [join(root, 'first.pem')], { encoding: 'utf8' });
    await expect(shakeHands(await created.current(), ca)).resolves.toBe('TLSv1.3');
  });

  test('is followed when its files are replaced', async () => {
    const created = create(PEM);
    await created.start();
    let hasChanged = false;
    created.onChange(() => (hasChanged = true));
    cpSync(join(made, 'second.pem'), join(root, 'first.pem'));
    await clock.advance(CHECK_MS); // half replaced: key and certificate do not match, so the old one is kept
    cpSync(join(made, 'second.key'), join(root, 'first.key'));
    await until('the change', async () => {
      await clock.advance(CHECK_MS);
      return hasChanged;
    });
    const ca = execFileSync('cat', [join(root, 'second.pem')], { encoding: 'utf8' });
    await expect(shakeHands(await created.current(), ca)).resolves.toBe('TLSv1.3');
  });

  test.each([
    ['nears its end', 340, /expires on \d{4}-\d\d-\d\d/],
    ['is past its end', 366, /expired on \d{4}-\d\d-\d\d/],
  ])('is shown as a problem when it %s', async (_what, days, text) => {
    await clock.advance(days * DAY_MS);
    await create(PEM).start();
    expect(problems.raised.get('certificateExpiring')).toMatchObject({
      text: expect.stringMatching(text),
      remedy: expect.stringContaining('https.pfx'),
    });
  });

  test('leaves nothing of its own on the disk', async () => {
    await mkdir(join(root, 'certificate'));
    await create(PEM).start();
    await expect(writeFile(join(root, 'certificate', 'probe'), '', { flag: 'wx' })).resolves.toBeUndefined();
    expect(execFileSync('ls', [join(root, 'certificate')], { encoding: 'utf8' })).toBe('probe\n');
    expect(keychain.entries.size).toBe(0);
  });
});
