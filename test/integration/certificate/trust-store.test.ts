import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNssDatabase, planTrust, trustAuthority } from '../../../src/certificate/trust-store';
import { issueLoopbackCertificate } from '../../support/loopback-certificate';

const NAME = 'Screen Recording Service loopback CA 1a2b3c';

describe('planTrust', () => {
  test.each([
    ['win32', 'C:\\Users\\agent', 'C:\\data\\ca.pem', ['C:\\Windows\\System32\\certutil.exe -user -addstore Root C:\\data\\ca.pem']],
    [
      'darwin',
      '/Users/agent',
      '/data/ca.pem',
      ['/usr/bin/security add-trusted-cert -r trustRoot -p ssl -k /Users/agent/Library/Keychains/login.keychain-db /data/ca.pem'],
    ],
    [
      'linux',
      '/home/agent',
      '/data/ca.pem',
      ['certutil -d sql:/store -N --empty-password', `certutil -d sql:/store -A -t C,, -n ${NAME} -i /data/ca.pem`],
    ],
  ] as const)('on %s it tells the user’s own store', (platform, homeDirectory, authorityFile, expected) => {
    const { commands } = planTrust({ platform, homeDirectory, authorityFile, name: NAME }, { directory: '/store', isThere: false });
    expect(commands.map(({ program, args }) => [program, ...args].join(' '))).toEqual(expected);
  });
});

describe('trustAuthority on Linux', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'srs-trust-'));
  });

  afterEach(async () => {
    await rm(home, { recursive: true, force: true });
  });

  const trust = (path = `${home}:/usr/bin:/bin`, env: NodeJS.ProcessEnv = {}, authorityFile = '/data/ca.pem'): Promise<void> =>
    trustAuthority({ platform: 'linux', homeDirectory: home, authorityFile, name: NAME }, { PATH: path, ...env });

  /** A `certutil` that notes its arguments, and makes the database as the real one does. */
  async function installCertutil(exitCode: number): Promise<void> {
    const program = join(home, 'certutil');
    await writeFile(program, `#!/bin/sh\necho "$@" >> ${home}/calls\ntouch ${home}/.local/share/pki/nssdb/cert9.db\nexit ${exitCode}\n`);
    await chmod(program, 0o755);
  }

  test('makes the database once, and adds the authority every time', async () => {
    await installCertutil(0);
    await trust();
    await trust();
    const calls = (await readFile(join(home, 'calls'), 'utf8')).trim().split('\n');
    expect(calls.map((call) => / (-[NA]) /.exec(call)?.[1]).filter(Boolean)).toEqual(['-N', '-A', '-A']);
  });

  test.each<[string, { readonly folder?: string; readonly dataHome?: string }, string]>([
    ['a new user’s is among the user’s data', {}, '.local/share/pki/nssdb'],
    ['where the environment says the data is', { dataHome: 'data' }, 'data/pki/nssdb'],
    ['an old one that is there stays in use', { folder: '.pki/nssdb' }, '.pki/nssdb'],
    ['an old one goes before the new one', { folder: '.pki/nssdb', dataHome: 'data' }, '.pki/nssdb'],
    ['other things in the old place do not count', { folder: '.pki/elsewhere' }, '.local/share/pki/nssdb'],
  ])('the real certutil fills the store the browser reads: %s', async (_what, { folder, dataHome }, expected) => {
    const certificate = join(home, 'ca.pem');
    await writeFile(certificate, (await issueLoopbackCertificate()).ca);
    if (folder !== undefined) await mkdir(join(home, folder), { recursive: true });
    await trust('/usr/bin:/bin', dataHome === undefined ? {} : { XDG_DATA_HOME: join(home, dataHome) }, certificate);
    const listed = execFileSync('certutil', ['-d', `sql:${join(home, expected)}`, '-L'], { encoding: 'utf8' });
    expect(listed).toMatch(new RegExp(`${NAME} +C,,`));
  });

  test('an XDG_DATA_HOME that is relative is not used, as the browser does not', async () => {
    await expect(findNssDatabase(home, { XDG_DATA_HOME: 'data' })).resolves.toEqual({
      directory: join(home, '.local/share/pki/nssdb'),
      isThere: false,
    });
  });

  test('makes nothing when certutil is missing', async () => {
    await expect(trust(home)).rejects.toThrow(/certutil is not installed/);
    expect(await readdir(home)).toEqual([]);
  });

  test('says what to do by hand when certutil is missing', async () => {
    await expect(trust(home)).rejects.toMatchObject({
      code: 'certificate',
      message: expect.stringMatching(/certutil is not installed\. Install certutil[^]*import \/data\/ca\.pem/),
    });
  });

  test('says what to do by hand when certutil fails', async () => {
    await installCertutil(1);
    await expect(trust()).rejects.toMatchObject({
      code: 'certificate',
      message: expect.stringMatching(/certutil did not add the certificate authority[^]*import \/data\/ca\.pem/),
    });
  });
});
