import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSrs } from '../../support/srs-process';

/** `srs certificate …` as built. No keychain is reachable, wherever the test runs. */
describe('srs certificate', () => {
  let root: string;
  let config: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'srs-certificate-command-'));
    config = join(root, 'config.json');
    await writeFile(config, JSON.stringify({ dataDirectory: join(root, 'data') }));
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  async function srs(...args: string[]): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    const command = startSrs(['certificate', ...args, '--config', config], {
      HOME: root,
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
    });
    const code = await command.exited;
    return { code, stdout: command.stdout(), stderr: command.stderr() };
  }

  test('show tells names, dates, fingerprints and where the authority’s key is', async () => {
    const { code, stdout } = await srs('show');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Names: +DNS:localhost, IP Address:127\.0\.0\.1/);
    expect(stdout).toMatch(/Valid: +\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d/);
    expect(stdout.match(/SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}/g)).toHaveLength(2);
    expect(stdout).toMatch(/Key: +discarded/);
    expect(stdout).not.toContain('PRIVATE');
  });

  test('show --json gives the same as JSON', async () => {
    const { code, stdout } = await srs('show', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      madeBy: 'service',
      certificate: { names: expect.stringContaining('DNS:localhost'), validTo: expect.stringMatching(/T.*Z$/) },
      authority: { fingerprint256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/) },
      authorityKey: 'discarded',
    });
  });

  test('export writes the authority, to a file or to standard output', async () => {
    const { stdout } = await srs('export');
    const authority = new X509Certificate(stdout);
    expect(authority.ca).toBe(true);
    expect(await srs('export', join(root, 'ca.pem'))).toMatchObject({ code: 0, stdout: '' });
    expect(await readFile(join(root, 'ca.pem'), 'utf8')).toBe(authority.toString());
  });

  test('renew makes a new certificate, and says when it has to be trusted again', async () => {
    await srs('show');
    const before = await readFile(join(root, 'data', 'certificate', 'server.pem'), 'utf8');
    const { code, stdout } = await srs('renew');
    expect(code).toBe(0);
    expect(stdout).toContain('srs certificate trust');
    expect(await readFile(join(root, 'data', 'certificate', 'server.pem'), 'utf8')).not.toBe(before);
  });

  test('export --json and renew --json give certificates as show --json does', async () => {
    const { certificate: before, authority } = JSON.parse((await srs('show', '--json')).stdout);
    const file = join(root, 'ca.pem');
    const exported = JSON.parse((await srs('export', '--json', file)).stdout);
    expect(exported).toEqual({ authority, file, pem: await readFile(file, 'utf8') });
    const renewed = JSON.parse((await srs('renew', '--json')).stdout);
    expect(renewed).toEqual({
      certificate: expect.objectContaining({ names: before.names, fingerprint256: expect.not.stringMatching(before.fingerprint256) }),
      authority: expect.objectContaining({ fingerprint256: expect.not.stringMatching(authority.fingerprint256) }),
      isNewAuthority: true,
    });
  });

  test('an export to where nothing can be written is an error, not a fault', async () => {
    expect(await srs('export', join(root, 'none', 'ca.pem'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^srs: Could not write .*ca\.pem/),
    });
  });

  test('trust and renew leave the organisation’s certificate alone', async () => {
    await writeFile(config, JSON.stringify({ dataDirectory: join(root, 'data'), https: { pfx: 'server.pfx' } }));
    for (const command of ['trust', 'renew', 'export']) {
      expect(await srs(command)).toMatchObject({ code: 1, stderr: expect.stringContaining('organisation’s own certificate') });
    }
  });
});
