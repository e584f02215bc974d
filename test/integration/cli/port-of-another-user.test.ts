import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canBeOtherUser, holdPort, type PortHolder } from '../../support/other-user';
import { type SrsProcess, startSrs } from '../../support/srs-process';
import { until } from '../../support/until';

/** Two people share a computer, and both services are told to use one port. */
describe('srs run on a port that another user holds', () => {
  let directory: string;
  let file: string;
  let holder: PortHolder;
  let srs: SrsProcess;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-two-users-'));
    file = join(directory, 'config.json');
    holder = await holdPort();
    await writeFile(
      file,
      JSON.stringify({
        http: { port: holder.port },
        https: { enabled: false },
        dataDirectory: join(directory, 'data'),
        spool: { minFreeMegabytes: 1 },
      }),
    );
    srs = startSrs(['run', '--headless', '--config', file]);
  });

  afterEach(async () => {
    await holder.release();
    await srs.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('says who holds it, and listens when that user has gone; one of the same user is an error', async () => {
    if (!canBeOtherUser) return expectError();
    await until('the word about it', () =>
      srs.stderr().includes(`port ${holder.port} on 127.0.0.1 is held by another user of this computer`),
    );
    const status = startSrs(['status', '--config', file]);
    expect(await status.exited).toBe(3);
    expect(status.stderr()).toContain(`Process ${srs.pid}`);
    await holder.release();
    await srs.waitFor(new RegExp(`listening http://127\\.0\\.0\\.1:${holder.port}`));
    const again = startSrs(['status', '--config', file]);
    expect([await again.exited, again.stdout()]).toEqual([expect.any(Number), expect.stringContaining(String(holder.port))]);
    expect(again.stdout()).not.toContain('portTaken');
  });

  /** What is left to see for who cannot be another user. */
  async function expectError(): Promise<void> {
    expect(await srs.exited).toBe(1);
    expect(srs.stderr()).toContain(`port ${holder.port} on 127.0.0.1 is taken by another program of this user`);
  }
});
