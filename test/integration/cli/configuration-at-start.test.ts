import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '../../../src/shared/snapshot';
import { startSrs, type SrsProcess } from '../../support/srs-process';
import { until } from '../../support/until';

/** `srs run --headless` as built, started with a configuration that is unusual. */
describe('the configuration at start', () => {
  let root: string;
  let config: string;
  let service: SrsProcess | undefined;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'srs-config-start-'));
    config = join(root, 'config.json');
    await mkdir(join(root, 'data'), { mode: 0o700 });
  });
  afterEach(async () => {
    await service?.stop();
    await rm(root, { recursive: true, force: true });
  });

  async function start(settings: object, env: Readonly<Record<string, string>> = {}): Promise<SrsProcess> {
    const own = { dataDirectory: join(root, 'data'), http: { port: 0 }, https: { enabled: false }, credentialStore: 'memory' };
    await writeFile(config, JSON.stringify({ ...own, ...settings }));
    return (service = startSrs(['run', '--headless', '--config', config], { HOME: root, DISPLAY: ':none', ...env }));
  }
  const codes = async (): Promise<string[]> => {
    const { problems } = JSON.parse(await readFile(join(root, 'data', 'status.json'), 'utf8')) as Snapshot;
    return problems.map(({ code }) => code);
  };

  it('starts with settings it does not know, says so, and keeps their values to itself', async () => {
    const { stdout, stderr } = await start({ laterSetting: 'hunter2' }, { SRS_LATER_SETTING: '1' });
    await until('the address', () => /listening http/.test(stdout()));
    await until('the problem', async () => (await codes().catch((): string[] => [])).includes('configurationUnknown'));
    expect(stderr()).toContain('laterSetting');
    expect(stderr()).toContain('SRS_LATER_SETTING');
    expect(stderr()).not.toContain('hunter2');
  });

  it('that switches the service off leaves it running, and says so', async () => {
    const { stdout, stderr } = await start({ enabled: false });
    await until('the word', () => stderr().includes('"enabled": false'));
    expect(await codes()).toContain('switchedOff');
    expect(stdout()).not.toContain('listening');
    expect(await service?.stop()).toBe(0);
  });
});
