import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema } from '../../../src/config/schema';
import { walkLogin } from '../../../src/diagnostics/login-walk';
import type { Walk, WalkResult } from '../../../src/diagnostics/walk';
import { Secret } from '../../../src/lib/secret';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import type { SimulatorOptions } from '../../../src/simulator/options';
import { envelope, ME, ScriptedRws, type Answer } from '../../support/scripted-rws';

const CLI = join(__dirname, '../../../dist/cli.js');
const PASSWORD = 'a-secret-of-ann';

let simulator: Simulator | undefined;
let storage = '';
let rws: ScriptedRws | undefined;

const startSimulator = async (options: Partial<SimulatorOptions> = {}): Promise<string> => {
  storage = await mkdtemp(join(tmpdir(), 'srs-walk-'));
  simulator = createSimulator({ accounts: [{ userName: 'ann', password: PASSWORD }], storage, ...options });
  return (await simulator.start()).server;
};

afterEach(async () => {
  await simulator?.stop();
  await rws?.stop();
  if (storage !== '') await rm(storage, { recursive: true, force: true });
  simulator = rws = undefined;
  storage = '';
});

const walk = (server: string, overrides: Partial<Walk> = {}, rwsSettings: object = {}): Promise<readonly WalkResult[]> =>
  walkLogin({
    config: { ...configSchema.parse({ rws: rwsSettings }), dataDirectory: '/nowhere' },
    server,
    userName: 'ann',
    password: new Secret(PASSWORD),
    clientVersion: '8.5.100.00',
    isUploadTried: false,
    signal: new AbortController().signal,
    ...overrides,
  });
const verdicts = (results: readonly WalkResult[]): Record<string, string> =>
  Object.fromEntries(results.map(({ name, verdict }) => [name.replace(/ \(.*/, ''), verdict]));

const ALL_HOLD = {
  version: 'holds',
  login: 'holds',
  'contact centre id': 'holds',
  CSRF: 'holds',
  'cookies kept': 'holds',
  'start operation': 'holds',
  'CometD handshake': 'holds',
  'CometD subscribe': 'holds',
  'CometD poll': 'holds',
  tus: 'holds',
  upload: 'holds',
  logout: 'holds',
};

describe('against the simulator', () => {
  it('everything holds, strict and with tus, and nothing of the visit is left', async () => {
    const server = await startSimulator({ isResumable: true, strict: { csrf: true, cookies: true } });
    const results = await walk(server, { isUploadTried: true }, { startOperation: 'StartContactCenterSession' });
    expect(verdicts(results)).toEqual(ALL_HOLD);
    expect(simulator?.control.recordings()).toHaveLength(1);
    const operations = simulator?.control.requests().map(({ method, path }) => `${method} ${path}`) ?? [];
    expect(operations.at(-1)).toMatch(/POST .*(\/me|\/disconnect)$/);
    expect(JSON.stringify(results)).not.toContain(PASSWORD);
  });

  it('by default no session is opened and nothing is uploaded', async () => {
    const results = await walk(await startSimulator());
    expect(verdicts(results)).toEqual({ ...ALL_HOLD, 'start operation': 'unknown', tus: 'refused', upload: 'unknown' });
    expect(results.filter(({ isOptional }) => !isOptional).every(({ verdict }) => verdict === 'holds')).toBe(true);
    expect(simulator?.control.recordings()).toEqual([]);
    expect(simulator?.control.requests().filter(({ method, path }) => method === 'POST' && path === '/api/v2/me')).toEqual([]);
  });

  it('a wrong password is tried as one login is, and the rest is not asked', async () => {
    const server = await startSimulator();
    const results = await walk(server, { password: new Secret('wrong') });
    expect(results.find(({ name }) => name === 'login')).toMatchObject({ verdict: 'refused', text: expect.stringContaining('401') });
    expect(new Set(results.slice(2).map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
    expect(simulator?.control.requests().filter(({ path }) => path === '/api/v2/me')).toHaveLength(1);
  });
});

/** An RWS where everything holds but what `but` answers. */
const startScripted = async (but: (method: string, path: string) => Answer | undefined): Promise<string> => {
  rws = new ScriptedRws((request, response) => {
    const { method, path, body } = request;
    const own = but(method, path);
    if (own !== undefined) return own(request, response);
    if (path.startsWith('/api/v2/notifications')) {
      const [{ channel }] = JSON.parse(body) as [{ channel: string }];
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify([{ channel, successful: true, clientId: 'c1' }]));
    } else if (method === 'OPTIONS') response.writeHead(204, { 'Tus-Resumable': '1.0.0' }).end();
    else if (path.includes('/content/')) envelope(response, 201);
    else envelope(response, 200, method === 'GET' ? ME : {});
  });
  return rws.start();
};
const words = 'Not in this house\u001b[2J';
const refusal: Answer = (_request, response) => envelope(response, 400, { statusCode: 2, statusMessage: words });
const silence: Answer = () => undefined;
const bayeuxRefusal: Answer = ({ body }, response) => {
  const [{ channel }] = JSON.parse(body) as [{ channel: string }];
  response.writeHead(200).end(JSON.stringify([{ channel, successful: false, error: `403::${words}` }]));
};
let counter = 0;
const newCookie: Answer = (_request, response) => envelope(response, 200, ME, { 'Set-Cookie': `JSESSIONID=s${(counter += 1)}; Path=/` });

describe('what the server refuses is named, in its words, and nothing else is', () => {
  const at =
    (answer: Answer, wantedMethod: string, end: string | RegExp) =>
    (method: string, path: string): Answer | undefined =>
      method === wantedMethod && path.search(end) >= 0 ? answer : undefined;
  const FOLLOWS_HANDSHAKE = { 'CometD subscribe': 'unknown', 'CometD poll': 'unknown' };

  it.each<[string, (method: string, path: string) => Answer | undefined, object]>([
    ['version', at(refusal, 'GET', /version$/), { version: 'unknown' }],
    [
      'contact centre id',
      at((_request, response) => envelope(response, 200, { user: { userName: 'ann' } }), 'GET', /me$/),
      { 'contact centre id': 'refused', tus: 'unknown', upload: 'unknown' },
    ],
    ['CSRF', at((_request, response) => envelope(response, 200, ME, { 'X-CSRF-HEADER': 'X-Token' }), 'GET', /me$/), { CSRF: 'refused' }],
    ['cookies kept', at(newCookie, 'GET', /me$/), { 'cookies kept': 'refused' }],
    ['start operation', at(refusal, 'POST', /me$/), { 'start operation': 'refused' }],
    ['CometD handshake', at(refusal, 'POST', /handshake$/), { 'CometD handshake': 'refused', ...FOLLOWS_HANDSHAKE }],
    ['CometD handshake', at(bayeuxRefusal, 'POST', /handshake$/), { 'CometD handshake': 'refused', ...FOLLOWS_HANDSHAKE }],
    ['CometD subscribe', at(bayeuxRefusal, 'POST', /notifications$/), { 'CometD subscribe': 'refused' }],
    ['CometD poll', at(bayeuxRefusal, 'POST', /connect$/), { 'CometD poll': 'refused', logout: 'refused' }],
    ['tus', at(refusal, 'OPTIONS', /uploads$/), { tus: 'refused', upload: 'holds' }],
    ['logout', at(refusal, 'POST', /disconnect$/), { logout: 'refused' }],
  ])('%s', async (name, but, differs) => {
    const server = await startScripted(
      name === 'tus' || name === 'version' ? but : (method, path) => but(method, path) ?? (method === 'OPTIONS' ? refusal : undefined),
    );
    const results = await walk(server, { isUploadTried: true }, { startOperation: 'Start' });
    const expected = { ...ALL_HOLD, tus: name === 'version' ? 'holds' : 'refused', ...differs };
    const { upload, ...rest } = verdicts(results);
    const { upload: expectedUpload, ...expectedRest } = expected;
    expect(rest).toEqual(expectedRest);
    if (name !== 'version') expect(upload).toBe(expectedUpload);
    const found = results.find((result) => result.name.startsWith(name));
    if (but('POST', '/none/handshake') === refusal) expect(found?.text).toContain('HTTP 400, code 2: Not in this house');
    expect(JSON.stringify(results)).not.toContain('\\u001b');
  });

  it('upload', async () => {
    const server = await startScripted((method, path) => (path.includes('/content/') || method === 'OPTIONS' ? refusal : undefined));
    const results = await walk(server, { isUploadTried: true });
    expect(results.find(({ name }) => name === 'upload')).toMatchObject({
      verdict: 'refused',
      text: expect.stringContaining('Not in this house'),
      isOptional: false,
    });
  });

  it('a server that is silent at one step is unknown there, and the agent is signed out all the same', async () => {
    const server = await startScripted((method, path) => (method === 'POST' && /\/connect$/.test(path) ? silence : undefined));
    const results = await walk(server, { stepLimitMs: 300 });
    expect(verdicts(results)).toMatchObject({ 'CometD poll': 'unknown', tus: 'holds', logout: 'holds' });
    expect(rws?.seen.at(-1)?.path).toBe('/api/v2/notifications/disconnect');
  });

  it('whoever breaks it off leaves nobody signed in', async () => {
    const given = new AbortController();
    const server = await startScripted(() => undefined);
    const onResult = ({ name }: WalkResult): void => {
      if (name.startsWith('start')) given.abort();
    };
    const results = await walk(server, { signal: given.signal, onResult }, { startOperation: 'Start' });
    expect(verdicts(results)).toMatchObject({ 'start operation': 'holds', 'CometD handshake': 'unknown', logout: 'holds' });
    expect(rws?.seen.at(-1)).toMatchObject({ path: '/api/v2/me', body: expect.stringContaining('EndContactCenterSession') });
  });

  it('a session that was there before is not ended', async () => {
    const server = await startScripted((method, path) =>
      method === 'POST' && path.endsWith('/me') ? (_request, response) => envelope(response, 400, { statusCode: 19 }) : undefined,
    );
    expect(verdicts(await walk(server, {}, { startOperation: 'Start' }))).toMatchObject({ 'start operation': 'holds', logout: 'holds' });
    expect(rws?.seen.filter(({ body }) => body.includes('EndContactCenterSession'))).toEqual([]);
  });
});

describe('srs doctor --login', () => {
  const run = (args: readonly string[], input: string): Promise<{ code: number | null; stdout: string; stderr: string }> => {
    const child = spawn(process.execPath, [CLI, 'doctor', ...args]);
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
    child.stdin.end(input);
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...out })));
  };

  it('reads the password from standard input and ends with 0 where all that is needed holds', async () => {
    const { code, stdout, stderr } = await run(['--login', 'ann', '--server', await startSimulator()], `${PASSWORD}\n`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^holds {4}version .*\nholds {4}login: RWS knows ann\.\n(.*\n)*holds {4}logout: .*\n$/);
    expect(stdout).not.toContain(PASSWORD);
  });

  it('ends with 1 where the login is refused; --json gives the results alone', async () => {
    const server = await startSimulator();
    const { code, stdout } = await run(['--login', 'ann', '--server', server, '--json'], 'wrong\n');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      server,
      results: expect.arrayContaining([expect.objectContaining({ name: 'login', verdict: 'refused' })]),
    });
  });

  it.each([
    ['no password', ['--login', 'ann', '--server', 'http://127.0.0.1:1'], '', /password/],
    ['no name', ['--login', '--server', 'http://127.0.0.1:1'], 'x\n', /--login NAME/],
    ['an address that is none', ['--login', 'ann', '--server', 'rws.example.com'], 'x\n', /--server: /],
    ['--server alone', ['--server', 'https://rws.example.com'], '', /go with --login/],
  ])('%s is exit code 2, and nothing is sent', async (_name, args, input, message) => {
    const { code, stdout, stderr } = await run(args, input);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
