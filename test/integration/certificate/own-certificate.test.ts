import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { issueServer } from '../../../src/certificate/issue';
import { OwnCertificateKeeper } from '../../../src/certificate/own-certificate';
import { createTlsMaterial, type TlsMaterialSource } from '../../../src/certificate/tls-material';
import { SideFiles } from '../../../src/lib/side-files';
import { silentLogger } from '../../../src/lib/logger';
import { FakeClock } from '../../fakes/fake-clock';
import { FakeKeychain } from '../../fakes/fake-keychain';
import { FakeProblems } from '../../fakes/fake-problems';
import { shakeHands } from '../../support/tls-handshake';
import { until } from '../../support/until';

const run = promisify(execFile);
const DAY_MS = 86_400_000;
const CHECK_MS = 5 * 60_000;

let root: string;
let directory: string;
let keychain: FakeKeychain;
let problems: FakeProblems;
let clock: FakeClock;
const started: TlsMaterialSource[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'srs-certificate-'));
  directory = join(root, 'certificate');
  keychain = new FakeKeychain();
  problems = new FakeProblems();
  clock = new FakeClock(Date.now());
});

afterEach(async () => {
  for (const source of started.splice(0)) await source.stop();
  await rm(root, { recursive: true, force: true });
});

const sideFiles = (): SideFiles => new SideFiles({ clock, log: silentLogger, problems });

function createSource(path = directory): TlsMaterialSource {
  const source = createTlsMaterial({ directory: path, settings: {}, keychain, clock, log: silentLogger, problems, sideFiles: sideFiles() });
  started.push(source);
  return source;
}

async function startSource(): Promise<TlsMaterialSource> {
  const source = createSource();
  await source.start();
  return source;
}

const authority = async (): Promise<string> => readFile(join(directory, 'ca.pem'), 'utf8');

async function served(source: TlsMaterialSource): Promise<{ readonly key: string; readonly cert: string }> {
  return (await source.current()) as { key: string; cert: string };
}

/** Moves time on and lets checks run until the source says it has changed. */
async function advanceUntilChange(source: TlsMaterialSource, days: number): Promise<void> {
  let hasChanged = false;
  const unsubscribe = source.onChange(() => (hasChanged = true));
  await clock.advance(days * DAY_MS);
  await until('a new certificate', async () => {
    await clock.advance(CHECK_MS);
    return hasChanged;
  });
  unsubscribe();
}

describe('the certificate the service makes for itself', () => {
  test.each([['127.0.0.1'], ['localhost']])('is accepted for %s by whoever trusts its authority', async (servername) => {
    const material = await served(await startSource());
    const identity = servername === 'localhost' ? { servername } : {};
    await expect(shakeHands(material, await authority(), identity)).resolves.toBe('TLSv1.3');
  });

  test('is not accepted without that trust', async () => {
    const material = await served(await startSource());
    const { authority: other } = await otherAuthority();
    await expect(shakeHands(material, other)).rejects.toMatchObject({ code: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/) });
  });

  test('passes OpenSSL’s strict check', async () => {
    await startSource();
    const { stdout } = await run('openssl', [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-verify_ip',
      '127.0.0.1',
      '-CAfile',
      join(directory, 'ca.pem'),
      join(directory, 'server.pem'),
    ]);
    expect(stdout).toContain('OK');
  });

  test.each([['example.com'], ['localhost.example.com'], ['127.0.0.2'], ['10.0.0.1']])(
    'its authority cannot speak for %s',
    async (name) => {
      await startSource();
      const ca = new X509Certificate(await authority());
      const forged = await issueServer({
        authority: ca,
        authorityKey: createPrivateKey(String([...keychain.entries.values()][0]?.reveal())),
        notBefore: new Date(Date.now() - DAY_MS),
        notAfter: new Date(Date.now() + DAY_MS),
        names: [name],
      });
      const material = { key: String(forged.key.export({ type: 'pkcs8', format: 'pem' })), cert: forged.certificate.toString() };
      await expect(
        shakeHands(material, ca.toString(), { servername: 'example.com', checkServerIdentity: () => undefined }),
      ).rejects.toMatchObject({
        message: expect.stringContaining('permitted subtree violation'),
      });
      const file = join(root, 'forged.pem');
      await writeFile(file, material.cert);
      await expect(run('openssl', ['verify', '-CAfile', join(directory, 'ca.pem'), file])).rejects.toMatchObject({
        stderr: expect.stringContaining('permitted subtree violation'),
      });
    },
  );

  test('keeps its files from other users, and its authority’s key off the disk', async () => {
    await startSource();
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const files = await readdir(directory);
    expect(files.sort()).toEqual(['ca.pem', 'server.pem']);
    for (const file of files) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    expect(await authority()).not.toContain('PRIVATE KEY');
    const server = createPrivateKey(await readFile(join(directory, 'server.pem')));
    expect(new X509Certificate(await authority()).checkPrivateKey(server)).toBe(false);
  });

  test('stays the same over a restart', async () => {
    const before = await served(await startSource());
    expect(await served(await startSource())).toEqual(before);
  });

  test('is renewed a month before it ends, by the same authority', async () => {
    const source = await startSource();
    const before = { ...(await served(source)), authority: await authority() };
    await advanceUntilChange(source, 61);
    const now = await served(source);
    expect(now.cert).not.toBe(before.cert);
    expect(await authority()).toBe(before.authority);
    expect(new X509Certificate(now.cert).verify(new X509Certificate(before.authority).publicKey)).toBe(true);
    expect(problems.raised.size).toBe(0);
  });

  test('is replaced with a new authority when a file is damaged', async () => {
    const before = await served(await startSource());
    await writeFile(join(directory, 'ca.pem'), 'no certificate');
    const after = await served(await startSource());
    expect(after.cert).not.toBe(before.cert);
    await expect(shakeHands(after, await authority())).resolves.toBe('TLSv1.3');
  });

  test('is issued again by the same authority when only its own file is lost', async () => {
    await startSource();
    const before = await authority();
    await rm(join(directory, 'server.pem'));
    const material = await served(await startSource());
    await expect(shakeHands(material, before)).resolves.toBe('TLSv1.3');
  });

  test('is taken over when another process renews it', async () => {
    const source = await startSource();
    await rm(join(directory, 'server.pem'));
    const other = await served(await startSource());
    await advanceUntilChange(source, 0);
    expect(await served(source)).toEqual(other);
  });

  test('two callers at once get the same one', async () => {
    const source = createSource();
    const [first, second] = await Promise.all([source.current(), source.current(), source.start()]);
    expect(first).toEqual(second);
  });

  test('can be stopped before and after it was started', async () => {
    const source = createSource();
    await source.stop();
    await source.start();
    await source.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  describe('without a keychain', () => {
    beforeEach(() => {
      keychain.isReachable = false;
    });

    test('lasts long, as its authority’s key is discarded', async () => {
      const { cert } = await served(await startSource());
      const days = (Date.parse(new X509Certificate(cert).validTo) - clock.now()) / DAY_MS;
      expect(days).toBeGreaterThan(800);
      expect(days).toBeLessThanOrEqual(825);
    });

    test('becomes one that is renewed, of the same authority, when the keychain is unlocked', async () => {
      await startSource();
      const before = await authority();
      keychain.unlock();
      await until('the authority’s key to be kept', () => keychain.entries.size === 1);
      const days = async (): Promise<number> =>
        (Date.parse(new X509Certificate(await readFile(join(directory, 'server.pem'))).validTo) - clock.now()) / DAY_MS;
      await until('a certificate that is renewed', async () => (await days()) < 100);
      expect(await authority()).toBe(before);
    });

    test('warns before it ends, and only then makes a new authority', async () => {
      const source = await startSource();
      const before = await authority();
      await clock.advance(800 * DAY_MS);
      await until('a problem', async () => {
        await clock.advance(CHECK_MS);
        return problems.raised.get('certificateExpiring');
      });
      expect(problems.raised.get('certificateExpiring')?.remedy).toContain('srs certificate trust');
      expect(await authority()).toBe(before);
      await advanceUntilChange(source, 18);
      expect(await authority()).not.toBe(before);
      await until('the problem to go', () => !problems.raised.has('certificateExpiring'));
    });
  });

  test('a keychain that hangs delays nobody: there is no certificate yet, and then there is', async () => {
    let answer: () => void = () => undefined;
    keychain.hangs = new Promise<void>((resolve) => (answer = resolve));
    const source = createSource();
    let changes = 0;
    source.onChange(() => (changes += 1));
    const early = source.current().catch((error: Error) => error.message);
    await clock.advance(1000);
    expect(await early).toContain('waits for the keychain');
    expect(problems.raised.size).toBe(0);
    answer();
    await until('the certificate', () => changes === 1);
    expect((await served(source)).cert).toContain('CERTIFICATE');
    expect(keychain.entries.size).toBe(1);
  });

  test('an authority whose keychain is away for a while keeps its certificate', async () => {
    const source = await startSource();
    const before = await served(source);
    keychain.isReachable = false;
    await clock.advance(62 * DAY_MS);
    await until('a problem', async () => {
      await clock.advance(CHECK_MS);
      return problems.raised.has('certificateExpiring');
    });
    expect(await served(source)).toEqual(before);
    keychain.isReachable = true;
    const ca = await authority();
    await advanceUntilChange(source, 0);
    expect(await authority()).toBe(ca);
  });
});

async function otherAuthority(): Promise<{ readonly authority: string }> {
  const elsewhere = join(root, 'other');
  await createSource(elsewhere).current();
  return { authority: await readFile(join(elsewhere, 'ca.pem'), 'utf8') };
}

describe('a disk that does not take the certificate', () => {
  test('does not end the start: it is served, shown as a problem, and written when it can be', async () => {
    await symlink(join(root, 'none', 'none'), directory);
    const source = await startSource();
    const first = await served(source);
    await expect(shakeHands(first, first.cert)).rejects.toBeDefined();
    expect(problems.raised.get('filesNotWritten')?.text).toContain('certificate');
    await clock.advance(CHECK_MS);
    expect(await served(source)).toEqual(first);
    await rm(directory);
    await until('it to be written', async () => {
      await clock.advance(10_000);
      return !problems.raised.has('filesNotWritten');
    });
    await expect(shakeHands(first, await authority())).resolves.toBe('TLSv1.3');
    expect(await served(await startSource())).toEqual(first);
  });

  test('is told to whoever asks for a new one on the command line', async () => {
    await symlink(join(root, 'none', 'none'), directory);
    const keeper = new OwnCertificateKeeper({ directory, keychain, clock, log: silentLogger });
    await expect(keeper.renew()).rejects.toMatchObject({ code: expect.stringMatching(/ENOENT|EEXIST/) });
  });
});
