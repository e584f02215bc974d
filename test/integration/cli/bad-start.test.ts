import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSrs } from '../../support/srs-process';

/** What is configured wrong is said in one plain sentence, with an exit code, and nothing is started. */
describe('srs run with something wrong', () => {
  let directory: string;
  let file: string;
  let taken: Server;
  let takenPort: number;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-bad-start-'));
    file = join(directory, 'config.json');
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    takenPort = (taken.address() as AddressInfo).port;
  });

  afterAll(async () => {
    await new Promise((resolve) => taken.close(resolve));
    await rm(directory, { recursive: true, force: true });
  });

  async function run(content: string | object): Promise<{ code: number | null; stdout: string; stderr: string }> {
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    const srs = startSrs(['run', '--headless', '--config', file]);
    const code = await srs.exited;
    return { code, stdout: srs.stdout(), stderr: srs.stderr() };
  }

  it.each([
    ['a wrong type', { http: { port: 'eighty' } }, ['http.port', 'eighty']],
    ['a value out of range', { recording: { framesPerSecond: 60 } }, ['recording.framesPerSecond', '60', '15']],
    ['a value that is none of the allowed ones', { recording: { pauseMode: 'blue' } }, ['recording.pauseMode', 'blue', 'black', 'cut']],
    ['a bare * origin', { allowedOrigins: ['*'] }, ['allowedOrigins', '*']],
    ['no JSON', '{ "server": ', ['JSON']],
  ])('%s: exit code 2, naming file, key, what was found and what is allowed', async (_what, content, named) => {
    const { code, stdout, stderr } = await run(content);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    for (const text of [file, ...named]) expect(stderr).toContain(text);
    expect(stderr).not.toContain('    at ');
  });

  it('a taken port: exit code 1, naming the port', async () => {
    const { code, stderr } = await run({
      http: { port: takenPort },
      https: { enabled: false },
      dataDirectory: join(directory, 'data'),
      spool: { minFreeMegabytes: 1 },
    });
    expect(code).toBe(1);
    const said = stderr.split('\n').filter((line) => line.startsWith('srs: '));
    expect(said).toEqual([expect.stringContaining(String(takenPort))]);
    expect(stderr).not.toContain('    at ');
  });

  it('a file that is not there: exit code 2, naming it', async () => {
    const srs = startSrs(['run', '--headless', '--config', join(directory, 'none.json')]);
    expect(await srs.exited).toBe(2);
    expect(srs.stderr()).toContain('none.json');
  });

  it.each([[['recrod']], [['run', '--headles']], [['config', 'chekc']], [['recordings', 'list', '--jsn']]])(
    'srs %j: exit code 2, naming it',
    async (args) => {
      const srs = startSrs(args);
      expect(await srs.exited).toBe(2);
      expect(srs.stderr()).toContain(args.at(-1));
    },
  );
});
