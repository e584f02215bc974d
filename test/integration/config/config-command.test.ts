import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationJsonSchema } from '../../../src/config/json-schema';
import { listSettings } from '../../../src/config/settings';
import { startSrs } from '../../support/srs-process';

/** `srs config …` as built. */
describe('srs config', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'srs-config-command-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function srs(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    const command = startSrs(['config', ...args], { HOME: root, ...env });
    const code = await command.exited;
    return { code, stdout: command.stdout(), stderr: command.stderr() };
  }

  async function file(content: unknown): Promise<string> {
    const path = join(root, 'config.json');
    await writeFile(path, JSON.stringify(content));
    return path;
  }

  test('check says that a file is good, and makes nothing', async () => {
    const path = await file({ http: { port: 8086 }, dataDirectory: join(root, 'data') });
    const { code, stdout, stderr } = await srs(['check', path]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(path);
    expect(stdout).toContain('The configuration is good.');
    await expect(writeFile(join(root, 'data', 'probe'), '')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('check names everything that is wrong, and ends with 2', async () => {
    const path = await file({ requireOrigin: 1, http: { port: 'x' } });
    const { code, stdout, stderr } = await srs(['check', path], { SRS_LOG_LEVEL: 'loud' });
    expect([code, stdout]).toEqual([2, '']);
    for (const part of [`${path}: requireOrigin is 1`, `${path}: http.port is "x"`, 'environment: SRS_LOG_LEVEL is "loud"'])
      expect(stderr).toContain(part);
  });

  test('check --json gives the settings as they hold, or what is wrong, with the same exit codes', async () => {
    const good = await srs(['check', '--json', await file({ http: { port: 8086 }, colour: 'blue' })]);
    expect(good.code).toBe(0);
    expect(JSON.parse(good.stdout)).toMatchObject({ isGood: true, settings: { http: { port: 8086 } }, unknown: [{ key: 'colour' }] });
    const bad = await srs(['check', '--json', await file({ http: { port: 'x' } })]);
    expect([bad.code, bad.stderr]).toEqual([2, '']);
    expect(JSON.parse(bad.stdout)).toMatchObject({ isGood: false, problems: [{ key: 'http.port' }] });
  });

  test('check tells what is not known, and takes the rest', async () => {
    const path = await file({ htp: 1, http: { port: 8086 } });
    const { code, stdout } = await srs(['check', path], { SRS_HTP_PORT: '1' });
    expect(code).toBe(0);
    for (const part of [`Not used: ${path}: htp is no known setting`, 'Not used: environment: SRS_HTP_PORT is no known setting'])
      expect(stdout).toContain(part);
  });

  test('check --explain says for every setting where its value comes from', async () => {
    const path = await file({ server: 'https://rws.example.com', rws: { proxy: 'http://user:hunter2@proxy.example.com' } });
    const { code, stdout } = await srs(['check', '--explain', path], { SRS_SERVER: 'https://other.example.com' });
    expect(code).toBe(0);
    expect(stdout).toContain(`server = "https://other.example.com"   (environment; over ${path}; changes after a restart)`);
    expect(stdout).toContain('http.port = 8080   (default; changes after a restart)');
    expect(stdout).not.toContain('hunter2');
    for (const { key } of listSettings()) expect(stdout).toContain(`\n${key} = `);
  });

  test('schema prints the JSON schema', async () => {
    const { code, stdout } = await srs(['schema']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(configurationJsonSchema());
  });
});
