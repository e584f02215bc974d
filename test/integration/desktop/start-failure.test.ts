import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../../src/config/errors';
import { recordStartFailure } from '../../../src/desktop/life/start-failure';

describe('recordStartFailure', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'srs-start-failure-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('writes why the program did not start to the log of the default data directory', async () => {
    const error = new ConfigurationError([{ source: '/etc/config.json', key: 'http.port', text: 'is "x"; allowed: a whole number' }]);
    await recordStartFailure(error, { platform: 'linux', env: {}, homeDirectory: home });
    const log = await readFile(join(home, '.local/share/screen-recording-service/logs/screen-recording-service.log'), 'utf8');
    expect(log).toContain('the program cannot start');
    expect(log).toContain('/etc/config.json: http.port is');
  });

  it('fails for nothing', async () => {
    const places = { platform: 'linux', env: { XDG_DATA_HOME: '/dev/null/data' }, homeDirectory: home } as const;
    await expect(recordStartFailure(new Error('no'), places)).resolves.toBeUndefined();
  });
});
