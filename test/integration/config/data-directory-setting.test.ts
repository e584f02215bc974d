import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration, readConfiguration, type ConfigurationSources } from '../../../src/config/load-configuration';
import type { Configuration } from '../../../src/config/schema';

let root: string;
let machineFile: string;
let userFile: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'srs-config-'));
  machineFile = join(root, 'machine', 'config.json');
  userFile = join(root, 'home', '.local', 'share', 'screen-recording-service', 'config.json');
  await mkdir(join(machineFile, '..'), { recursive: true });
  await mkdir(join(userFile, '..'), { recursive: true });
});

afterEach(() => rm(root, { recursive: true, force: true }));

function sources(env: ConfigurationSources['env'] = {}, file?: string): ConfigurationSources {
  return {
    env,
    platform: 'linux',
    homeDirectory: join(root, 'home'),
    workingDirectory: root,
    machineFile,
    ...(file === undefined ? {} : { file }),
  };
}

const load = (env?: ConfigurationSources['env'], file?: string): Promise<Configuration> => loadConfiguration(sources(env, file));

describe('the data directory', () => {
  const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

  test('is made for the user alone', async () => {
    await rm(join(root, 'home'), { recursive: true });
    const { dataDirectory } = await load();
    expect(await modeOf(dataDirectory)).toBe(0o700);
  });

  test('is closed to others if it is the default one', async () => {
    const directory = join(userFile, '..');
    await chmod(directory, 0o755);
    await load();
    expect(await modeOf(directory)).toBe(0o700);
  });

  test('is not touched when the configuration is only checked', async () => {
    await rm(join(root, 'home'), { recursive: true });
    const { config } = await readConfiguration(sources());
    await expect(stat(config.dataDirectory)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('that cannot be made is a configuration error', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(load({ SRS_DATA_DIRECTORY: join(root, 'file', 'data') })).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('ENOTDIR'),
    });
  });
});
