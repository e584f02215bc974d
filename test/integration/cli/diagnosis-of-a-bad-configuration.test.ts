import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readZip } from '../../support/read-zip';
import { startSrs } from '../../support/srs-process';

/** What looks for faults must not end at the first one. */
describe('a configuration that cannot be used', () => {
  let root: string;
  let config: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'srs-diagnosis-'));
    config = join(root, 'config.json');
    await writeFile(join(root, 'ca.pem'), 'no certificate');
    await writeFile(config, JSON.stringify({ rws: { ca: 'ca.pem' } }));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function srs(...args: readonly string[]): Promise<{ code: number | null; stdout: string }> {
    const command = startSrs([...args, '--config', config], { HOME: root, XDG_DATA_HOME: undefined, DISPLAY: undefined });
    return { code: await command.exited, stdout: command.stdout() };
  }

  it('is the doctor’s first step, and the others follow', async () => {
    const { code, stdout } = await srs('doctor', '--json');
    const steps = JSON.parse(stdout) as readonly { name: string; outcome: string; text: string }[];
    expect(steps[0]).toMatchObject({ name: 'configuration', outcome: 'failed', text: expect.stringContaining('rws.ca names') });
    expect(steps.length).toBeGreaterThan(3);
    expect(code).toBe(1);
  });

  it('is told in the support bundle, which is written all the same', async () => {
    const target = join(root, 'bundle.zip');
    const { code } = await srs('support-bundle', target);
    expect(code).toBe(0);
    const files = await readZip(target);
    expect(files.get('configuration-fault.txt')).toContain('rws.ca names');
  });
});
