import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InstalledPackage } from '../../support/installed-package';

const run = promisify(execFile);
const TSC = join(__dirname, '../../../node_modules/typescript/bin/tsc');
let installed: InstalledPackage;

beforeAll(async () => {
  installed = await InstalledPackage.create();
});

afterAll(() => installed.remove());

async function runScript(name: string, text: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  await writeFile(join(installed.project, name), text);
  const { stdout, stderr } = await run(process.execPath, [name], { cwd: installed.project, env: { ...process.env, ...env } });
  expect(stderr).toBe('');
  return stdout;
}

const ROUND = `
  const simulator = await startSimulator({ agents: [{ userName: 'ann', password: 'secret' }] });
  const service = await startService({ configuration: { server: simulator.url, allowedOrigins: ['https://desk.example'] } });
  const client = createScreenRecordingClient({
    baseUrl: service.url, origin: 'https://desk.example', credentials: () => ({ userName: 'ann', password: 'secret' }),
  });
  await client.login();
  const { session } = await service.waitFor('the session', (status) => status.session.status === 'connected');
  await client.logout();
  await service.stop();
  await simulator.stop();
  console.log(session.agent.userName, service.status().session.status);
`;

it.each([
  [
    'an ES module',
    'round.mjs',
    `import { startService, startSimulator } from 'screen-recording-service';
     import { createScreenRecordingClient } from 'screen-recording-service/desktop-client';
     ${ROUND}`,
  ],
  [
    'a CommonJS module',
    'round.cjs',
    `const { startService, startSimulator } = require('screen-recording-service');
     const { createScreenRecordingClient } = require('screen-recording-service/desktop-client');
     (async () => { ${ROUND} })();`,
  ],
])('%s starts the service and the simulator, uses the client, ends by itself and leaves no folder', async (_name, file, text) => {
  const temporary = await mkdtemp(join(tmpdir(), 'package-round-'));
  try {
    expect(await runScript(file, text, { TMPDIR: temporary, TMP: temporary, TEMP: temporary })).toBe('ann signedOut\n');
    expect(await readdir(temporary)).toEqual([]);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
});

it('a wrong setting is named, and nothing is left', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'package-wrong-'));
  const text = `const { startService } = require('screen-recording-service');
    startService({ configuration: { pingTimeoutSeconds: 'soon' } }).catch((error) => console.log(error.message));`;
  try {
    expect(await runScript('wrong.cjs', text, { TMPDIR: temporary, TMP: temporary, TEMP: temporary })).toMatch(
      /pingTimeoutSeconds.*"soon"/s,
    );
    expect(await readdir(temporary)).toEqual([]);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
});

it.each([
  ['nodenext', 'mts'],
  ['nodenext', 'cts'],
  ['bundler', 'ts'],
])('its types hold for a strict project (%s, .%s), declarations included', async (resolution, extension) => {
  const file = `consumer.${extension}`;
  await writeFile(
    join(installed.project, file),
    `import { startService, startSimulator, type RunningService, type Snapshot } from 'screen-recording-service';
     import { createScreenRecordingClient, type ClientState } from 'screen-recording-service/desktop-client';
     export async function tried(): Promise<Snapshot> {
       const simulator = await startSimulator({ agents: [{ userName: 'ann', password: 'x' }], isPair: true });
       const service: RunningService = await startService({ configuration: { server: simulator.url, recording: { framesPerSecond: 2 } } });
       const states: ClientState[] = [];
       createScreenRecordingClient({ credentials: () => ({ userName: 'ann', password: 'x' }), onState: (state) => void states.push(state) });
       // @ts-expect-error a setting that does not exist
       await startService({ configuration: { serverr: simulator.url } });
       return service.status();
     }\n`,
  );
  const module = resolution === 'bundler' ? 'preserve' : resolution;
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'ES2023',
    '--lib',
    'ES2023,DOM',
    '--module',
    module,
    '--moduleResolution',
    resolution,
  ];
  const { stdout } = await run(process.execPath, [TSC, ...options, file], {
    cwd: installed.project,
  }).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

it('its programs are there under both names, executable by Node', async () => {
  const { bin } = JSON.parse(await readFile(join(installed.directory, 'package.json'), 'utf8')) as { bin: Record<string, string> };
  expect(Object.keys(bin)).toEqual(['screen-recording-service', 'srs']);
  for (const file of Object.values(bin)) {
    const { stdout } = await run(process.execPath, [join(installed.directory, file), '--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  }
});

it('holds no source map, no test, and no file that is not for its users', async () => {
  const files = (await readdir(installed.directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(installed.directory, 'node_modules')))
    .map(({ name, parentPath }) =>
      join(parentPath, name)
        .slice(installed.directory.length + 1)
        .replaceAll('\\', '/'),
    );
  const expected = /^(dist|assets|docs|examples)\/|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
  expect(files.filter((file) => !expected.test(file) || /\.map$|\.test\.ts$/.test(file))).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining(['dist/cli.js', 'dist/index.js', 'dist/remux-worker.js', 'dist/simulator/desktop/index.html']),
  );
});

it('the service it starts gives metrics by the token of its data directory, and status.json beside it', async () => {
  const text = `
    const { startService } = require('screen-recording-service');
    const { readFileSync } = require('node:fs');
    (async () => {
      const service = await startService({ configuration: { server: 'http://127.0.0.1:9', http: { metrics: true } } });
      const read = (name) => readFileSync(service.dataDirectory + '/' + name, 'utf8');
      const answer = await fetch(service.url + '/metrics', { headers: { Authorization: 'Bearer ' + read('status-token').trim() } });
      const lines = (await answer.text()).split('\\n').filter((line) => line.startsWith('srs_session_state'));
      console.log(answer.status, lines[0], JSON.parse(read('status.json')).pid === process.pid);
      await service.stop();
    })();`;
  expect(await runScript('metrics.cjs', text)).toBe('200 srs_session_state{state="signedOut"} 1 true\n');
});
