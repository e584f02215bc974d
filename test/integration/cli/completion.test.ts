import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CLI = join(__dirname, '../../../dist/cli.js');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'completion-'));
  await writeFile(join(folder, 'srs.bash'), (await run(process.execPath, [CLI, 'completion', 'bash'])).stdout);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What bash offers with the cursor behind the last word, which may be empty. */
async function complete(...words: readonly string[]): Promise<string[]> {
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _srs; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['--norc', '-c', script, 'bash', join(folder, 'srs.bash'), 'srs', ...words]);
  return stdout.split('\n').filter((word) => word !== '');
}

it('bash offers commands, subcommands, options and the choices of an argument', async () => {
  expect(await complete('rec')).toEqual(['recordings']);
  expect(await complete('recordings', '')).toEqual(expect.arrayContaining(['list', 'retry', 'export', '--help']));
  expect(await complete('recordings', 'export', '--f')).toEqual(['--force']);
  expect(await complete('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish', 'powershell']));
});

it('what is typed before the cursor and is no command does not matter', async () => {
  expect(await complete('status', '--config', '/etc/srs.json', '--j')).toEqual(['--json']);
  expect(await complete('recordings', 'export', 'media-1', 'file.mp4', '--f')).toEqual(['--force']);
  expect(await complete('no-such-command', 'sta')).toEqual(['status']);
  expect(await complete('$(touch injected)', '')).toContain('status');
});

it.each(['bash', 'zsh', 'fish', 'powershell'])('the script for %s names every command of the help', async (shell) => {
  const { stdout: script } = await run(process.execPath, [CLI, 'completion', shell]);
  const { stdout: help } = await run(process.execPath, [CLI, '--help']);
  const commands = [...help.slice(help.indexOf('Commands:')).matchAll(/^ {2}([a-z-]+)/gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'help');
  expect(commands.length).toBeGreaterThan(8);
  for (const command of commands) expect(script).toMatch(new RegExp(`["']${command}["']`));
});

it('another shell is exit code 2, with those there are', async () => {
  await expect(run(process.execPath, [CLI, 'completion', 'tcsh'])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('fish'),
  });
});
