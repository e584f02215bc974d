import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfiguration, type ConfigurationSources } from '../../../src/config/load-configuration';
import { policyOf } from '../../../src/config/policies';

describe('a port of its own for each user or session', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-ports-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const none = (): ConfigurationSources => ({
    machineFile: join(directory, 'none.json'),
    userFile: join(directory, 'none.json'),
    policies: join(directory, 'none'),
    env: {},
    isInstalled: false,
  });
  const read = async (values: object, sources: ConfigurationSources = {}) => {
    const machineFile = join(directory, 'config.json');
    await writeFile(machineFile, JSON.stringify(values));
    return (await readConfiguration({ ...none(), machineFile, ...sources })).config;
  };

  it('is computed from a file, the environment and a policy', async () => {
    const sum = '9000+${SESSIONID}%1000';
    const portVariables = { SESSIONID: 2005 };
    expect((await read({ http: { port: sum } }, { portVariables })).http.port).toBe(9005);
    expect((await read({}, { portVariables, env: { SRS_HTTPS_PORT: sum } })).https.port).toBe(9005);
    expect((await read({}, { portVariables, env: { SRS_HTTP_PORT: '8086' } })).http.port).toBe(8086);
    expect(policyOf('policies', new Map<string, unknown>([['http.port', sum]]))).toMatchObject({ layer: { isFixed: true } });
    expect(policyOf('policies', new Map<string, unknown>([['http.port', '8086']]))).toMatchObject({
      layer: { values: new Map([['http.port', 8086]]) },
    });
  });

  it("takes the user's own number, and the session's where it is one", async () => {
    const uid = process.getuid?.() ?? 0;
    const linux = { platform: 'linux' } as const;
    expect((await read({ http: { port: '9000+${UID}%1000' } }, linux)).http.port).toBe(9000 + (uid % 1000));
    expect((await read({ http: { port: '9000+${SESSIONID}' } }, { ...linux, env: { XDG_SESSION_ID: '12' } })).http.port).toBe(9012);
  });

  it.each<[string, object, ConfigurationSources, RegExp]>([
    ['no sum', { http: { port: '9000-${UID}' } }, {}, /http\.port is "9000-\$\{UID\}"; allowed: a whole number from 0 to 65535, or a sum/],
    ['a number as text', { http: { port: '8080' } }, {}, /http\.port is "8080"; allowed: a whole number/],
    ['no port', { http: { port: 70_000 } }, {}, /http\.port is 70000; allowed: a whole number from 0 to 65535 or a sum/],
    [
      'too large',
      { https: { port: '9000+${UID}' } },
      { portVariables: { UID: 65_534 } },
      /https\.port is "9000\+\$\{UID\}", which gives 74534 here; allowed: 1024 to 65535/,
    ],
    [
      'not known on Windows',
      { http: { port: '9000+${UID}' } },
      { platform: 'win32', portVariables: {} },
      /http\.port uses \$\{UID\}, which is not known here; Windows has \$\{SESSIONID\}/,
    ],
    [
      'not known in this session',
      { http: { port: '9000+${SESSIONID}' } },
      { platform: 'linux', env: { XDG_SESSION_ID: 'c2' } },
      /http\.port uses \$\{SESSIONID\}, which is not known here; Linux has \$\{UID\}/,
    ],
    [
      'both ports the same',
      { http: { port: '9000+${UID}' }, https: { port: 9001 } },
      { portVariables: { UID: 1 } },
      /is 9001 for http and https alike/,
    ],
  ])('%s is an error that says so', async (_what, values, sources, words) => {
    await expect(read(values, sources)).rejects.toThrow(words);
  });
});
