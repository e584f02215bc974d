import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planTrust, trustAuthority } from '../../../src/certificate/trust-store';

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
      [
        'certutil -d sql:/home/agent/.pki/nssdb -N --empty-password',
        `certutil -d sql:/home/agent/.pki/nssdb -A -t C,, -n ${NAME} -i /data/ca.pem`,
      ],
    ],
  ] as const)('on %s it tells the user’s own store', (platform, homeDirectory, authorityFile, expected) => {
    const { commands } = planTrust({ platform, homeDirectory, authorityFile, name: NAME }, false);
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

  const trust = (path = `${home}:/usr/bin:/bin`): Promise<void> =>
    trustAuthority({ platform: 'linux', homeDirectory: home, authorityFile: '/data/ca.pem', name: NAME }, { PATH: path });

  /** A `certutil` that notes its arguments, and makes the database as the real one does. */
  async function installCertutil(exitCode: number): Promise<void> {
    const program = join(home, 'certutil');
    await writeFile(program, `#!/bin/sh\necho "$@" >> ${home}/calls\ntouch ${home}/.pki/nssdb/cert9.db\nexit ${exitCode}\n`);
    await chmod(program, 0o755);
  }

  test('makes the database once, and adds the authority every time', async () => {
    await installCertutil(0);
    await trust();
    await trust();
    const calls = (await readFile(join(home, 'calls'), 'utf8')).trim().split('\n');
    expect(calls.map((call) => / (-[NA]) /.exec(call)?.[1])).toEqual(['-N', '-A', '-A']);
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
