import { randomBytes } from 'node:crypto';
import { StoreError } from '../../../src/recorder/store-error';
import { FakeClock } from '../../fakes/fake-clock';
import { until } from '../../support/until';
import { makeMaterial } from '../../support/recorded-material';
import {
  createSpoolRig,
  exampleSegment,
  exampleStart,
  filesBelow,
  fixedVault,
  record,
  vaultOf,
  type SpoolRig,
} from '../../support/spool-rig';

describe('a spool without room, or without its key', () => {
  let rig: SpoolRig;
  let material: Buffer;
  beforeAll(async () => {
    material = await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 4 });
  });
  beforeEach(async () => {
    rig = await createSpoolRig();
  });
  afterEach(() => rig.dispose());

  it('refuses a recording below the disk floor, and stops one that reaches it', async () => {
    const floor = await createSpoolRig({ config: { minFreeMegabytes: 1e9 } });
    const refused: unknown = await floor.spool.recordings.begin(exampleStart).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreError);
    expect(refused).toMatchObject({ failure: 'diskFloor', message: expect.stringContaining('MB must stay free') });
    expect(floor.problems.has('diskFloor')).toBe(true);
    await floor.dispose();
  });

  it('refuses a new recording when unsent ones fill the spool, drops none, and goes on when there is room', async () => {
    const full = await createSpoolRig({ config: { maxMegabytes: 1 } });
    await record(full, [randomBytes(1_200_000)]);
    await expect(full.spool.recordings.begin(exampleStart)).rejects.toMatchObject({ failure: 'spoolFull' });
    expect(full.problems.has('spoolFull')).toBe(true);
    expect(await full.spool.jobs.list()).toHaveLength(1);
    expect((await full.spool.usage()).usedBytes).toBeGreaterThan(1_200_000);
    await full.spool.jobs.remove(full.jobs[0]?.mediaId ?? '');
    await (await full.spool.recordings.begin(exampleStart)).close(exampleStart.startTime);
    expect(full.problems.has('spoolFull')).toBe(false);
    await full.dispose();
  });

  it('refuses to record without a key', async () => {
    const key = (): Promise<never> => Promise.reject(new StoreError('noKey', 'no key'));
    const keyless = await createSpoolRig({ vault: vaultOf(key) });
    await expect(keyless.spool.recordings.begin(exampleStart)).rejects.toMatchObject({ failure: 'noKey' });
    expect([...(await filesBelow(keyless.directory)).keys()]).toEqual([]);
    await keyless.dispose();
  });

  it('leaves an interrupted recording for later while its key is away', async () => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    await (await writer.beginSegment(exampleSegment)).append(material);
    const locked = await createSpoolRig({ directory: rig.directory, vault: fixedVault() });
    expect(await locked.spool.recordings.recover()).toBe(0);
    expect(await (await rig.again()).spool.recordings.recover()).toBe(1);
  });

  it('finishes by itself what could not be finished at once, when the cause has passed', async () => {
    const clock = new FakeClock();
    let isAway = false;
    const key = randomBytes(32);
    const vault = vaultOf(() => (isAway ? Promise.reject(new StoreError('noKey', 'locked')) : Promise.resolve(key)));
    const own = await createSpoolRig({ vault, deps: { clock } });
    const writer = await own.spool.recordings.begin(exampleStart);
    const segment = await writer.beginSegment(exampleSegment);
    await segment.append(material);
    isAway = true;
    await expect(segment.finish('2026-01-05T08:00:04.000+0000')).rejects.toMatchObject({ failure: 'noKey' });
    await writer.close('2026-01-05T08:00:04.000+0000');
    await clock.advance(61_000);
    expect(own.jobs).toEqual([]);
    isAway = false;
    await clock.advance(61_000);
    await until('the job', () => own.jobs.length === 1);
    expect(own.jobs[0]?.metadata.stopTime).toBe('2026-01-05T08:00:04.000+0000');
    await own.dispose();
  });
});
