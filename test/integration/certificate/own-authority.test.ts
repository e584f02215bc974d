import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { issueAuthority, issueServer } from '../../../src/certificate/issue';
import { isOwnAuthority } from '../../../src/certificate/own-authority';
import { OwnCertificateKeeper } from '../../../src/certificate/own-certificate';
import { silentLogger } from '../../../src/lib/logger';
import { FakeClock } from '../../fakes/fake-clock';
import { FakeKeychain } from '../../fakes/fake-keychain';

const run = promisify(execFile);
const DAY_MS = 86_400_000;

let root: string;
let directory: string;
let keychain: FakeKeychain;
let clock: FakeClock;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'srs-authority-'));
  directory = join(root, 'certificate');
  keychain = new FakeKeychain();
  clock = new FakeClock(Date.now());
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('an authority that somebody else put into the data directory', () => {
  const NO_LIMIT = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
  const OUR_LIMITS = [
    'basicConstraints=critical,CA:TRUE,pathlen:0',
    'keyUsage=critical,keyCertSign,cRLSign',
    'nameConstraints=critical,permitted;DNS:localhost,permitted;IP:127.0.0.1/255.255.255.255,permitted;IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF',
    'extendedKeyUsage=serverAuth',
  ];

  async function plant(extensions: readonly string[]): Promise<X509Certificate> {
    await mkdir(directory, { recursive: true });
    const [file, key] = [join(directory, 'ca.pem'), join(root, 'planted.key')];
    const options = extensions.flatMap((extension) => ['-addext', extension]);
    // Only what is named: by default openssl adds an authority key identifier and a second basicConstraints.
    await writeFile(join(root, 'openssl.cnf'), '[req]\ndistinguished_name=name\n[name]\n');
    const subject = '/O=Screen Recording Service/CN=Screen Recording Service loopback CA abcdef';
    await run('openssl', [
      'req',
      '-x509',
      '-config',
      join(root, 'openssl.cnf'),
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '3650',
      '-subj',
      subject,
      ...options,
      '-keyout',
      key,
      '-out',
      file,
    ]);
    const certificate = new X509Certificate(await readFile(file));
    const server = await issueServer({
      authority: certificate,
      authorityKey: createPrivateKey(await readFile(key)),
      notBefore: new Date(clock.now() - DAY_MS),
      notAfter: new Date(clock.now() + 80 * DAY_MS),
    });
    await writeFile(
      join(directory, 'server.pem'),
      `${server.certificate.toString()}${String(server.key.export({ type: 'pkcs8', format: 'pem' }))}`,
    );
    return certificate;
  }

  test.each([
    ['without any limit', NO_LIMIT],
    ['without name constraints', OUR_LIMITS.filter((extension) => !extension.startsWith('nameConstraints'))],
    [
      'that may sign for one more name',
      OUR_LIMITS.map((extension) => extension.replace('permitted;DNS:localhost', 'permitted;DNS:localhost,permitted;DNS:example.com')),
    ],
    ['that may sign for every address', OUR_LIMITS.map((extension) => extension.replace('127.0.0.1/255.255.255.255', '0.0.0.0/0.0.0.0'))],
    [
      'whose constraints nobody need heed',
      OUR_LIMITS.map((extension) => extension.replace('nameConstraints=critical,', 'nameConstraints=')),
    ],
    ['that may make further authorities', OUR_LIMITS.map((extension) => extension.replace(',pathlen:0', ''))],
    ['that may sign programs too', OUR_LIMITS.map((extension) => extension.replace('=serverAuth', '=serverAuth,codeSigning'))],
    ['with one extension more', [...OUR_LIMITS, 'subjectAltName=DNS:example.com']],
  ])('is neither served nor told to be trusted: %s', async (_what, extensions) => {
    const planted = await plant(extensions);
    expect(planted.ca).toBe(true);
    expect(isOwnAuthority(planted)).toBe(false);
    const keeper = new OwnCertificateKeeper({ directory, keychain, clock, log: silentLogger });
    const { authority: made, server } = await keeper.ensure();
    expect(made.fingerprint256).not.toBe(planted.fingerprint256);
    expect(server.certificate.verify(made.publicKey)).toBe(true);
    expect(new X509Certificate(await readFile(join(directory, 'ca.pem'))).fingerprint256).toBe(made.fingerprint256);
    expect((await keeper.renew()).authority.fingerprint256).toBe(made.fingerprint256);
  });

  test('ours is known again, and one that another authority signed is not', async () => {
    const validity = { notBefore: new Date(clock.now() - DAY_MS), notAfter: new Date(clock.now() + 3650 * DAY_MS) };
    const { certificate } = await issueAuthority(validity);
    expect(isOwnAuthority(certificate)).toBe(true);
    const forged = Buffer.from(certificate.raw);
    forged.writeUInt8(forged.readUInt8(forged.length - 1) ^ 1, forged.length - 1);
    expect(isOwnAuthority(new X509Certificate(forged))).toBe(false);
  });
});
