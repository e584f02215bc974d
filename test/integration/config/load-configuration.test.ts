import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../../src/config/errors';
import { loadConfiguration, readConfiguration, type ConfigurationSources } from '../../../src/config/load-configuration';
import type { Configuration } from '../../../src/config/schema';
import { issueLoopbackCertificate } from '../../support/loopback-certificate';

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

const write = (path: string, content: unknown): Promise<void> =>
  writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));

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

async function problemsOf(env?: ConfigurationSources['env'], file?: string): Promise<ConfigurationError> {
  const error: unknown = await load(env, file).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ConfigurationError);
  return error as ConfigurationError;
}

describe('where settings come from', () => {
  test('without any file every setting has its default', async () => {
    const config = await load();
    expect(config).toMatchObject({ http: { port: 8080 }, dataDirectory: join(userFile, '..') });
  });

  test('the user’s file wins over the machine’s, and the environment over both', async () => {
    await write(machineFile, { autoStart: false, notifyRecording: true, log: { level: 'warn' }, http: { port: 8086 } });
    await write(userFile, { autoStart: true, log: { level: 'error' } });
    const config = await load({ SRS_LOG_LEVEL: 'debug' });
    expect(config).toMatchObject({ autoStart: true, notifyRecording: true, log: { level: 'debug' }, http: { port: 8086 } });
  });

  test('groups are merged setting by setting, lists are replaced', async () => {
    await write(machineFile, { recording: { framesPerSecond: 3, grayscale: true }, allowedOrigins: ['https://a.example.com'] });
    const config = await load({ SRS_RECORDING_FRAMES_PER_SECOND: '7', SRS_ALLOWED_ORIGINS: 'https://b.example.com' });
    expect(config.recording).toMatchObject({ framesPerSecond: 7, grayscale: true });
    expect(config.allowedOrigins).toEqual(['https://b.example.com']);
  });

  test('a file named on the command line is read instead of both', async () => {
    await write(machineFile, { http: { port: 8086 } });
    await write(userFile, { autoStart: false });
    await write(join(root, 'mine.json'), { https: { enabled: false } });
    const config = await load({}, 'mine.json');
    expect(config).toMatchObject({ http: { port: 8080 }, https: { enabled: false }, autoStart: true });
  });

  test('the user’s file is looked for in the data directory that the machine’s file names', async () => {
    await write(machineFile, { dataDirectory: '~/elsewhere' });
    await mkdir(join(root, 'home', 'elsewhere'));
    await write(join(root, 'home', 'elsewhere', 'config.json'), { notifyRecording: true });
    const config = await load();
    expect(config).toMatchObject({ dataDirectory: join(root, 'home', 'elsewhere'), notifyRecording: true });
  });

  test('a file may begin with a byte order mark and name its schema', async () => {
    await write(machineFile, '\uFEFF{"$schema": "./configuration.schema.json", "requireOrigin": false}');
    expect((await load()).requireOrigin).toBe(false);
  });

  test.each(['https://updates.example.com/srs', 'http://localhost:8123', 'http://127.0.0.1/srs', 'http://[::1]:8123/'])(
    'updates may come from %s',
    async (url) => {
      await write(machineFile, { updates: { url } });
      expect((await load()).updates.url).toBe(url);
    },
  );

  test('relative paths start at the file that names them, or at the working folder', async () => {
    await write(machineFile, { https: { certificate: 'server.pem', key: '/keys/server.key' } });
    const { ca } = await issueLoopbackCertificate();
    await writeFile(join(root, 'ca.pem'), ca);
    const config = await load({ SRS_RWS_CA: 'ca.pem' });
    expect(config.https).toMatchObject({ certificate: join(root, 'machine', 'server.pem'), key: '/keys/server.key' });
    expect(config.rws.ca).toBe(join(root, 'ca.pem'));
  });
});

describe('environment variables', () => {
  test.each([
    ['SRS_HTTP_PORT', '8086', (config: Configuration) => config.http.port, 8086],
    ['SRS_PING_TIMEOUT_SECONDS', '0.5', (config: Configuration) => config.pingTimeoutSeconds, 0.5],
    ['SRS_REQUIRE_ORIGIN', 'false', (config: Configuration) => config.requireOrigin, false],
    ['SRS_REQUIRE_ORIGIN', '0', (config: Configuration) => config.requireOrigin, false],
    ['SRS_NOTIFY_RECORDING', 'TRUE', (config: Configuration) => config.notifyRecording, true],
    [
      'SRS_ALLOWED_SERVERS',
      'a.example.com, *.b.example.com',
      (config: Configuration) => config.allowedServers,
      ['a.example.com', '*.b.example.com'],
    ],
    ['SRS_ALLOWED_SERVERS', '["a.example.com"]', (config: Configuration) => config.allowedServers, ['a.example.com']],
    ['SRS_RWS_START_OPERATION', 'null', (config: Configuration) => config.rws.startOperation, null],
    ['SRS_RWS_PATHS_ME', '/me', (config: Configuration) => config.rws.paths.me, '/me'],
    ['SRS_SERVER', '', (config: Configuration) => config.server, undefined],
  ])('%s=%s', async (variable, text, read, expected) => {
    expect(read(await load({ [variable]: text }))).toEqual(expected);
  });
});

describe('locked settings', () => {
  beforeEach(() =>
    write(machineFile, { locked: ['recording', 'autoStart', 'http.port'], recording: { framesPerSecond: 4 }, autoStart: true }),
  );

  test('hold against the user’s file and the environment, whole groups with what the file leaves out', async () => {
    await write(userFile, { autoStart: false });
    const { config, merged } = await readConfiguration(
      sources({ SRS_RECORDING_FRAMES_PER_SECOND: '9', SRS_RECORDING_GRAYSCALE: 'true', SRS_HTTP_PORT: '1' }),
    );
    expect(config).toMatchObject({ autoStart: true, recording: { framesPerSecond: 4, grayscale: false }, http: { port: 8080 } });
    expect(merged.refused.map(({ key }) => key).sort()).toEqual([
      'autoStart',
      'http.port',
      'recording.framesPerSecond',
      'recording.grayscale',
    ]);
  });

  test('hold against a file named on the command line, which else replaces the machine’s', async () => {
    await write(machineFile, { locked: ['autoStart'], autoStart: false, requireOrigin: false });
    await write(join(root, 'mine.json'), { autoStart: true });
    expect(await load({}, 'mine.json')).toMatchObject({ autoStart: false, requireOrigin: true });
  });

  test('can be locked by a file named on the command line too', async () => {
    await write(machineFile, {});
    await write(join(root, 'mine.json'), { locked: ['http'], http: { port: 9001 } });
    expect((await load({ SRS_HTTP_PORT: '9002' }, 'mine.json')).http.port).toBe(9001);
  });
});

describe('what is wrong', () => {
  test.each([
    ['a wrong type', { http: { port: '80a' } }, 'http.port', /is "80a"; allowed: a whole number from 0 to 65535/],
    ['a value out of range', { recording: { framesPerSecond: 90 } }, 'recording.framesPerSecond', /is 90; allowed: a number from 1 to 15/],
    [
      'a word that is none of the choices',
      { recording: { displays: 'both' } },
      'recording.displays',
      /is "both"; allowed: "all" or "primary"/,
    ],
    ['a value instead of a group', { https: 5 }, 'https', /is 5; allowed: an object with enabled, port/],
    ['null', { autoStart: null }, 'autoStart', /is null; allowed: true or false/],
    [
      'an address of another kind',
      { server: 'ftp://rws.example.com' },
      'server',
      /is "ftp:\/\/rws.example.com"; allowed: an http:\/\/ or https:\/\/ address/,
    ],
    [
      'updates over plain http',
      { updates: { url: 'http://updates.example.com' } },
      'updates.url',
      /allowed: an https:\/\/ address; http:\/\/ only/,
    ],
    [
      'updates from a name that begins like this machine',
      { updates: { url: 'http://localhost.example.com/srs' } },
      'updates.url',
      /is "http:\/\/localhost.example.com\/srs"; allowed: an https:\/\/ address/,
    ],
    ['updates from nowhere', { updates: { url: 'ftp://updates.example.com' } }, 'updates.url', /allowed: an https:\/\/ address/],
    ['an origin for everybody', { allowedOrigins: ['https://a.example.com', '*'] }, 'allowedOrigins[1]', /"\*" would let in every page/],
    ['the null origin', { allowedOrigins: ['null'] }, 'allowedOrigins[0]', /"null" is the origin of every sandboxed page/],
    ['an origin with a path', { allowedOrigins: ['https://a.example.com/desk'] }, 'allowedOrigins[0]', /is not an origin/],
    ['a server pattern for everybody', { allowedServers: ['*'] }, 'allowedServers[0]', /every server in the world/],
    ['a certificate without its key', { https: { certificate: 'a.pem' } }, 'https.certificate', /without https.key/],
    ['a certificate twice', { https: { certificate: 'a', key: 'b', pfx: 'c' } }, 'https.pfx', /together with https.certificate/],
    ['nowhere to listen', { http: { enabled: false }, https: { enabled: false } }, 'https.enabled', /at least one of them/],
    ['one port for both', { http: { port: 9000 }, https: { port: 9000 } }, 'https.port', /two different ports/],
    ['a peer without a primary', { peer_server: 'https://b.example.com' }, 'peer_server', /without server/],
  ])('%s is named with its file, what was found and what is allowed', async (_what, content, key, text) => {
    await write(machineFile, content);
    const { problems, code } = await problemsOf();
    expect(code).toBe('configuration');
    expect(problems).toEqual([{ source: machineFile, key, text: expect.stringMatching(text) }]);
  });

  test('all of it is told at once, over all sources', async () => {
    await write(machineFile, { requireOrigin: 1, http: { port: -1 } });
    await write(userFile, { server: 'https://rws.example.com' });
    const { problems, message } = await problemsOf({ SRS_HTTP_PORT: 'x', SRS_LOG_LEVEL: 'loud' });
    expect(problems.map(({ source, key }) => [source, key])).toEqual([
      [machineFile, 'requireOrigin'],
      [machineFile, 'http.port'],
      ['environment', 'SRS_HTTP_PORT'],
      ['environment', 'SRS_LOG_LEVEL'],
      [userFile, 'server'],
    ]);
    expect(message.split('\n')).toHaveLength(6);
  });

  test.each([
    ['{"a": 1,}', 1, 9],
    ['{\n  "server": "https://rws.example.com"\n  "http": {}\n}', 3, 3],
    ['', 1, 1],
  ])('a file that is no JSON is named with the place: %j', async (content, line, column) => {
    await write(machineFile, content);
    const { problems } = await problemsOf();
    expect(problems).toEqual([
      { source: machineFile, text: expect.stringContaining(`is not JSON (line ${line}, column ${column}): found `) },
    ]);
  });

  test('a file in UTF-16 is read, and one in another encoding is named', async () => {
    const text = '{ "requireOrigin": false }';
    await writeFile(machineFile, Buffer.from(`\uFEFF${text}`, 'utf16le'));
    expect((await load()).requireOrigin).toBe(false);
    await writeFile(machineFile, Buffer.from('{ "server": "https://zürich.example.com" }', 'latin1'));
    const { problems } = await problemsOf();
    expect(problems).toEqual([{ source: machineFile, text: 'is no UTF-8: byte FC at line 1, column 23; save it as UTF-8' }]);
  });

  test.each([
    ['is not there', undefined, 'cannot be read (ENOENT)'],
    ['holds no certificate', 'x', 'holds no certificate'],
  ])('a file of rws.ca that %s is named, with where it was set', async (_what, content, fault) => {
    const path = join(root, 'machine', 'ca.pem');
    if (content !== undefined) await writeFile(path, content);
    await write(machineFile, { rws: { ca: 'ca.pem' } });
    const { problems } = await problemsOf();
    const text = `names ${path}, which ${fault}; allowed: a file with certificates in PEM, or with one in DER`;
    expect(problems).toEqual([{ source: machineFile, key: 'rws.ca', text }]);
  });

  test.each([['[]'], ['"text"'], ['null'], ['5']])('a file that holds %s', async (content) => {
    await write(machineFile, content);
    expect((await problemsOf()).problems[0]?.text).toMatch(/^the whole is .*; allowed: an object with /);
  });

  test('a file named on the command line must be there', async () => {
    const { problems } = await problemsOf({}, 'missing.json');
    expect(problems).toEqual([{ source: join(root, 'missing.json'), text: 'cannot be read (ENOENT)' }]);
  });

  test.each([
    ['a proxy’s password', { rws: { proxy: 'socks://user:hunter2@proxy.example.com' } }],
    ['a server’s password', { server: 'https://user:hunter2@rws.example.com' }],
    ['a password with an @ and a slash', { server: 'ftp://user:hun@ter2/hunter2@rws.example.com' }],
    ['an object', { server: { password: 'hunter2' } }],
    ['broken JSON', '{"server": "https://user:hunter2@rws.example.com",}'],
  ])('never shows %s', async (_what, content) => {
    await write(machineFile, content);
    expect((await problemsOf()).message).not.toContain('hunter2');
  });
});
