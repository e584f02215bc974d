import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readXAuthorization } from '../../../src/x11/x-authority';

const LOCAL = 256;
const INTERNET = 0;
const WILD = 65535;
const COOKIE = 'MIT-MAGIC-COOKIE-1';

function field(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}

function entry(family: number, address: string, number: string, value: string, name = COOKIE): Buffer {
  const kind = Buffer.alloc(2);
  kind.writeUInt16BE(family);
  return Buffer.concat([kind, field(address), field(number), field(name), field(value)]);
}

describe('readXAuthorization', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'srs-xauthority-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const OWN = entry(LOCAL, hostname(), '7', 'own');

  it.each<[string, Buffer[], string]>([
    ['this computer alone', [OWN], 'own'],
    ['another computer first', [entry(LOCAL, 'elsewhere', '7', 'other'), OWN], 'own'],
    ['another computer over the network first', [entry(INTERNET, '\u0001\u0002\u0003\u0004', '7', 'other'), OWN], 'own'],
    ['another display first', [entry(LOCAL, hostname(), '8', 'eighth'), OWN], 'own'],
    ['another kind of key first', [entry(LOCAL, hostname(), '7', 'xdm', 'XDM-AUTHORIZATION-1'), OWN], 'own'],
    ['every computer', [entry(WILD, '', '7', 'wild')], 'wild'],
    ['every display', [entry(LOCAL, hostname(), '', 'all')], 'all'],
    ['other computers only', [entry(LOCAL, 'elsewhere', '7', 'other'), entry(LOCAL, 'elsewhere', '', 'other')], ''],
    ['nobody', [], ''],
    ['this computer, then a torn entry', [OWN, entry(LOCAL, hostname(), '7', 'x').subarray(0, 20)], 'own'],
    ['a torn entry', [entry(LOCAL, hostname(), '7', 'torn').subarray(0, 12)], ''],
    ['noise', [Buffer.from('not an authority file at all')], ''],
  ])('of a file for %s', async (_what, entries, value) => {
    const file = join(folder, 'authority');
    await writeFile(file, Buffer.concat(entries));
    const authorization = await readXAuthorization('7', { XAUTHORITY: file });
    expect(authorization).toEqual({ name: value === '' ? '' : COOKIE, value: Buffer.from(value) });
  });

  it('shows nothing where there is no file', async () => {
    expect(await readXAuthorization('7', { XAUTHORITY: join(folder, 'none') })).toMatchObject({ name: '' });
  });
});
