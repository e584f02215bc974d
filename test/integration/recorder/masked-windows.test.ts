import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { exemptFromSecondTry } from '../../support/exempt-from-second-try';
import { MaskedScreen, SECRET_RULES } from '../../support/masked-screen';

const SCRIPT_MS = process.env['SRS_NIGHTLY'] === '1' ? 600_000 : 30_000;
jest.setTimeout(SCRIPT_MS * 2 + 90_000);

describe('windows that a rule covers', () => {
  const onlyTry = exemptFromSecondTry();
  let masked: MaskedScreen;

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', 'capture'], { cwd: resolve(__dirname, '../../..') });
  });

  beforeEach(async () => {
    masked = await MaskedScreen.start();
  });

  afterEach(() => masked.stop());

  it('are never seen, whatever happens to them', async () => {
    const at = await masked.record(SECRET_RULES);
    await masked.script(4).run(SCRIPT_MS);
    const seen = await masked.framesOf(at);
    expect(seen.length).toBeGreaterThan(SCRIPT_MS / 1000);
    onlyTry(() => expect(seen.filter(({ secret }) => secret > 0)).toEqual([]));
    expect(Math.max(...seen.map(({ grey }) => grey))).toBeGreaterThan(2000);
    expect(at.store.last.events.map(({ event, reason }) => `${event} ${reason}`)).toContain('masked Cards');
  });
});
