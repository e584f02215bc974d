import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../../src/config/errors';
import { readConfiguration, type ConfigurationSources, type ReadConfiguration } from '../../../src/config/load-configuration';

const ENV = { SRS_RWS_OPERATIONS_START: 'nothing', SRS_REQUIRE_ORIGIN: 'false', SRS_ALLOWED_ORIGINS: 'https://evil.example' };
const NOBODY = 65534;

/** What an administrator decides holds against the agent, and a roll-out in stages stops nobody. */
describe('the administrator’s settings', () => {
  let root: string;
  let machineFile: string;
  let policies: string;
  let userFile: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'srs-administrators-'));
    machineFile = join(root, 'machine', 'config.json');
    policies = join(root, 'machine', 'policies');
    userFile = join(root, 'user.json');
    await mkdir(policies, { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const write = (path: string, content: unknown): Promise<void> => writeFile(path, JSON.stringify(content));
  const read = (env: ConfigurationSources['env'] = {}, more: ConfigurationSources = {}): Promise<ReadConfiguration> =>
    readConfiguration({ env, platform: 'linux', homeDirectory: root, workingDirectory: root, machineFile, userFile, policies, ...more });
  const wrong = async (promise: Promise<unknown>): Promise<ConfigurationError> => {
    const error: unknown = await promise.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigurationError);
    return error as ConfigurationError;
  };

  it('locks everything with *, settings it does not set included', async () => {
    await write(machineFile, { locked: ['*'], recording: { framesPerSecond: 3 } });
    await write(userFile, { notifyRecording: true });
    const { config, merged } = await read(ENV);
    expect(config).toMatchObject({
      requireOrigin: true,
      allowedOrigins: [],
      notifyRecording: false,
      recording: { framesPerSecond: 3 },
      rws: { operations: { start: 'StartScreenRecording' } },
    });
    expect(merged.refused).toHaveLength(4);
  });

  it.each([
    ['ignores the environment', {}, true],
    ['takes the environment where the machine-wide file allows it', { allowEnvironment: true }, false],
  ])('an installed program %s', async (_what, content, requireOrigin) => {
    await write(machineFile, content);
    const { config } = await read({ ...ENV, SRS_ALLOW_ENVIRONMENT: 'true', SRS_LOG_LEVEL: 'loud' }, { isInstalled: true }).catch(
      (error: unknown) => {
        if (requireOrigin) throw error;
        return read(ENV, { isInstalled: true }); // wrong values count only where they are read
      },
    );
    expect(config.requireOrigin).toBe(requireOrigin);
  });

  it('is bent by no variable or file of the agent’s that allows the environment', async () => {
    await write(join(root, 'mine.json'), { allowEnvironment: true });
    const { config } = await read({ ...ENV, SRS_ALLOW_ENVIRONMENT: 'true' }, { isInstalled: true, file: 'mine.json' });
    expect(config.requireOrigin).toBe(true);
  });

  it('lets policies win over every file and variable, the last of them by name over the others', async () => {
    await write(join(policies, '10-all.json'), { recording: { framesPerSecond: 2 }, notifyRecording: true });
    await write(join(policies, '50-floor.json'), { recording: { framesPerSecond: 4 }, locked: ['recording'] });
    await write(join(policies, 'notes.txt'), 'no policy');
    await write(machineFile, { recording: { framesPerSecond: 6, grayscale: true }, notifyRecording: false });
    await write(userFile, { notifyRecording: false });
    const { config, merged, files } = await read({ SRS_RECORDING_FRAMES_PER_SECOND: '9' });
    expect(config).toMatchObject({ notifyRecording: true, recording: { framesPerSecond: 4, grayscale: false } });
    expect(merged.settings.get('recording.framesPerSecond')?.layer.source).toBe(join(policies, '50-floor.json'));
    expect(files).toEqual([join(policies, '50-floor.json'), join(policies, '10-all.json'), machineFile, userFile]);
  });

  it('holds a policy against a file named on the command line', async () => {
    await write(join(policies, 'a.json'), { server: 'https://rws.example.com' });
    await write(join(root, 'mine.json'), { server: 'https://mine.example.com' });
    expect((await read({}, { file: 'mine.json' })).config.server).toBe('https://rws.example.com');
  });

  it.each([
    ['a key of a later version', { laterGroup: { export: 'later' } }, {}, 'laterGroup'],
    ['a key in a group', { http: { prot: 1, port: 8086 } }, {}, 'http.prot'],
    ['a lock on nothing', { locked: ['autostart'] }, {}, 'locked'],
    ['a variable', {}, { SRS_HTP_PORT: '1' }, 'SRS_HTP_PORT'],
  ])('%s that is not known does not stop the start, and is told', async (_what, content, env, key) => {
    await write(machineFile, content);
    const { config } = await read(env);
    expect(config.notUsed?.unknown).toEqual([expect.objectContaining({ key })]);
    if ('http' in content) expect(config.http.port).toBe(8086);
  });

  it('never shows the value of a key it does not know', async () => {
    await write(machineFile, { password: 'hunter2' });
    expect(JSON.stringify((await read()).config.notUsed)).not.toContain('hunter2');
  });

  it('stops for a wrong value of a known setting, in a policy too', async () => {
    await write(join(policies, 'a.json'), { http: { port: 'x' } });
    expect((await wrong(read())).problems).toEqual([
      expect.objectContaining({ source: join(policies, 'a.json'), key: 'http.port', text: expect.stringContaining('is "x"') }),
    ]);
  });

  const spoilings: [string, (path: string) => Promise<void>, RegExp][] = [
    ['that others can write', (path) => chmod(path, 0o666), /can be changed by other users \(mode 0666 of .*\); run "chmod go-w/],
    ['in a folder that others can write', (path) => chmod(join(path, '..'), 0o777), /can be changed by other users \(mode 0777 of/],
  ];
  if (process.getuid?.() === 0) {
    spoilings.push(['of another user', (path) => chown(path, NOBODY, NOBODY), /by the user with uid 65534.*run "chown root/]);
  }

  it.each(spoilings)('refuses a machine-wide file or a policy %s', async (_what, spoil, text) => {
    for (const path of [machineFile, join(policies, 'a.json')]) {
      await write(path, { requireOrigin: false });
      await spoil(path);
      expect((await wrong(read())).problems[0]).toEqual({ source: path, text: expect.stringMatching(text) });
      await chmod(join(path, '..'), 0o755);
      await rm(path);
    }
  });
});
