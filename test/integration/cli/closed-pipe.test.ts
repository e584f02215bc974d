import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const CLI = join(__dirname, '../../../dist/cli.js');

describe('a pipe whose reader has gone', () => {
  let home: string;

  beforeAll(async () => (home = await mkdtemp(join(tmpdir(), 'srs-pipe-'))));
  afterAll(() => rm(home, { recursive: true, force: true }));

  it.each([
    ['completion bash', 0],
    ['config schema', 0],
    // No server is configured.
    ['doctor', 1],
  ])('srs %s ends with its own exit code, and without a word', async (words, code) => {
    const script = `("$0" "$1" ${words}; echo "code $?" >&2) | true`;
    const env = { ...process.env, HOME: home, XDG_DATA_HOME: undefined, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
    const { stderr } = await promisify(execFile)('sh', ['-c', script, process.execPath, CLI], { env, timeout: 30_000 });
    expect(stderr).toBe(`code ${code}\n`);
  });
});
