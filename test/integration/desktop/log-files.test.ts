import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogFiles, type LogFiles } from '../../../src/desktop/log-files';
import { until } from '../../support/until';

const NAME = 'screen-recording-service';

describe('the log on disk', () => {
  let directory: string;
  let now = 0;
  let files: LogFiles;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-log-'));
    now = 0;
  });
  afterEach(async () => {
    await files.close();
    await rm(directory, { recursive: true, force: true });
  });

  const open = (): void => void (files = openLogFiles(directory, { now: () => now }));
  const log = (name = `${NAME}.log`): string => join(directory, 'logs', name);
  const text = (): Promise<string> => readFile(log(), 'utf8').catch(() => '');
  const write = (msg: string): void => files.write(`{"msg":"${msg}"}\n`);

  /** Says "now" until it is in the file. */
  const untilBack = (): Promise<unknown> =>
    until('the log to come back', async () => {
      now += 5_000;
      write('now');
      return (await text()).includes('"now"');
    });

  it.each<[string, (() => Promise<unknown>) | undefined, () => Promise<unknown>, () => Promise<unknown>]>([
    ['its folder cannot be made', undefined, () => writeFile(join(directory, 'logs'), 'a file'), () => rm(join(directory, 'logs'))],
    ['it cannot be opened', undefined, () => mkdir(log(), { recursive: true }), () => rm(log(), { recursive: true })],
    [
      'the disk is full',
      undefined,
      async () => {
        await mkdir(join(directory, 'logs'));
        await symlink('/dev/full', log());
      },
      () => rm(log()),
    ],
    [
      'it cannot be rotated',
      async () => {
        await mkdir(join(directory, 'logs'));
        await writeFile(log(), 'x'.repeat(5_242_000));
      },
      async () => {
        await mkdir(log(`${NAME}.10.log`));
        await writeFile(join(log(`${NAME}.10.log`), 'in the way'), '');
        await writeFile(log(`${NAME}.9.log`), '');
      },
      () => rm(log(`${NAME}.10.log`), { recursive: true }),
    ],
  ])('comes back by itself after an error, and says how much is lost: %s', async (_what, before, spoil, fix) => {
    await before?.();
    await spoil();
    open();
    for (let line = 0; line < 100; line += 1) write(`lost ${'x'.repeat(100)}`);
    await until('the error', () => {
      write('lost, too');
      return !files.isWritable;
    });
    await fix();
    await untilBack();
    expect(await text()).toMatch(/"lost":\d+,"msg":"the log could not be written for a while"/);
  });

  it('is left alone for a while after an error, and is whole again then', async () => {
    await mkdir(log(), { recursive: true });
    open();
    await until('the error', () => {
      write('lost');
      return !files.isWritable;
    });
    await rename(log(), log('away'));
    now = 4_999;
    write('lost, too');
    expect(await text()).toBe('');
    await untilBack();
    const lines = (await text()).split('\n').filter((line) => line !== '');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain('now');
    expect(await text()).not.toContain('lost,');
  });
});
