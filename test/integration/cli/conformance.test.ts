import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';

const CLI = join(__dirname, '../../../dist/cli.js');
let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api.stop());

function conformance(args: readonly string[], input: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [CLI, 'conformance', ...args]);
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...out })));
}

it('srs conformance reads the password from standard input, shows each check and ends with 0 when all hold', async () => {
  const { code, stdout, stderr } = await conformance(['--url', api.base, '--user', 'agent', '--origin', DESKTOP], 'secret\n');
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^holds {6}version\.answer: .*\n(holds .*\n)+\d+ checks: (\d+) hold, 0 fail, 0 undecided\n$/);
  expect(code).toBe(0);
});

it('--json gives the results alone, and one that does not hold is exit code 1', async () => {
  const { code, stdout } = await conformance(
    ['--url', api.base, '--user', 'agent', '--origin', 'https://evil.example', '--json'],
    'secret\n',
  );
  expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ id: 'cors.preflight /ping', rule: 'documented', outcome: 'fails' }));
  expect(code).toBe(1);
});

it.each([
  [
    'another computer, which would get a password',
    ['--url', 'http://desk.example.com:8080', '--user', 'agent', '--origin', DESKTOP],
    'secret\n',
    /this computer/,
  ],
  ['no password', ['--url', 'http://127.0.0.1:1', '--user', 'agent', '--origin', DESKTOP], '', /password/],
  ['no agent', ['--url', 'http://127.0.0.1:1', '--origin', DESKTOP], '', /--user/],
])('%s is exit code 2, and nothing is sent', async (_name, args, input, message) => {
  const { code, stdout, stderr } = await conformance(args, input);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
