import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema } from '../../../src/config/schema';
import { supportBundleName, writeSupportBundle } from '../../../src/diagnostics/support-bundle';
import { readZip } from '../../support/read-zip';
import { connected, sampleSnapshot } from '../../fixtures/snapshots';

const SECRET = 'planted-secret';
/** What an address can be mistaken about: any of these leaves a part behind when it is matched instead of read. */
const HARD = ['Winter@planted-2026!', 'a/planted-slash@b', 'planted#hash@b', 'planted ?mark@b'];
const BASIC = Buffer.from(`agent1:${SECRET}`).toString('base64');

describe('the support bundle', () => {
  let directory: string;
  let files: ReadonlyMap<string, string>;
  let target: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-bundle-'));
    for (const folder of ['logs', 'spool', 'certificate']) await mkdir(join(directory, folder));
    const planted: Record<string, string> = {
      'logs/screen-recording-service.log': [
        JSON.stringify({
          msg: 'request',
          headers: { Authorization: `Basic ${BASIC}` },
          password: SECRET,
          url: `https://a:${SECRET}@rws.example.com/x?t=${SECRET}`,
        }),
        ...HARD.map((password) =>
          JSON.stringify({ msg: `by http://user:${password}@proxy.example.com:8080`, list: [`http://u:${password}@proxy`] }),
        ),
        ...HARD.map((password) => `no JSON: http://user:${password}@proxy.example.com:8080`),
        `no JSON: Basic ${BASIC} SRSSESSIONID=${SECRET}; status-${SECRET}`,
      ].join('\n'),
      'logs/crash-1.json': JSON.stringify({ process: 'main', credentials: SECRET }),
      'logs/other.txt': SECRET,
      'spool/recording.sealed': SECRET,
      'certificate/key.pem': SECRET,
      'status-token': `status-${SECRET}`,
      'spool-key': SECRET,
    };
    for (const [name, text] of Object.entries(planted)) await writeFile(join(directory, name), text);
    const config = configSchema.parse({
      server: 'https://rws.example.com',
      rws: { proxy: `http://proxyuser:${SECRET}@2026!@proxy.example.com:8080` },
    });
    target = join(directory, 'bundle.zip');
    await writeSupportBundle(target, {
      config: { ...config, dataDirectory: directory },
      snapshot: sampleSnapshot({ session: connected }),
      doctor: async () => [
        { name: 'disk', outcome: 'ok', text: 'There is room.' },
        ...HARD.map((password) => ({ name: 'proxy', outcome: 'failed' as const, text: `http://user:${password}@proxy.example.com:8080` })),
      ],
      displays: [{ x: 0, y: 0, width: 1920, height: 1080 }],
    });
    files = await readZip(target);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('holds what helps, and nothing else', () => {
    expect([...files.keys()].sort()).toEqual([
      'configuration.json',
      'displays.json',
      'doctor.json',
      'logs/crash-1.json',
      'logs/screen-recording-service.log',
      'snapshot.json',
      'versions.json',
    ]);
    expect(files.get('snapshot.json')).toContain('agent1');
    expect(files.get('doctor.json')).toContain('There is room.');
    expect(files.get('displays.json')).toContain('1920');
    expect(files.get('configuration.json')).toContain('https://rws.example.com');
  });

  it('holds none of the planted secrets', () => {
    for (const [name, text] of files) expect([name, text.includes(SECRET), text.includes(BASIC)]).toEqual([name, false, false]);
    for (const [name, text] of files) expect([name, /planted/.exec(text)?.[0]]).toEqual([name, undefined]);
  });

  it('is for its owner only', async () => {
    if (process.platform !== 'win32') expect((await stat(target)).mode & 0o077).toBe(0);
  });

  it('still comes when a check fails', async () => {
    const config = { ...configSchema.parse({}), dataDirectory: join(directory, 'none') };
    await writeSupportBundle(target, { config, snapshot: undefined, doctor: () => Promise.reject(new Error('no network')), displays: [] });
    expect((await readZip(target)).get('doctor.json')).toContain('no network');
  });

  it('is named for its time', () => {
    expect(supportBundleName(new Date('2026-03-02T09:30:00Z'))).toBe('screen-recording-service-support-2026-03-02-0930.zip');
  });
});
