import { Readable } from 'node:stream';
import { rwsSchema } from '../../../src/config/schema';
import { silentLogger } from '../../../src/lib/logger';
import { Secret } from '../../../src/lib/secret';
import { createRwsGateway } from '../../../src/rws/create-rws-gateway';
import type { RwsHttp, RwsRequest, RwsGateway } from '../../../src/rws/ports';
import { isRwsError } from '../../../src/shared/rws-error';
import { FakeClock } from '../../fakes/fake-clock';
import { envelope, ME, ScriptedRws } from '../../support/scripted-rws';

const MINUTE = 60_000;
const HALF_AN_HOUR = 30 * MINUTE;
const OLD = { userName: 'ann', password: new Secret('old') };
const media: RwsRequest = {
  method: 'POST',
  path: '/upload',
  body: { open: () => Readable.from([Buffer.alloc(10)]), length: 10, contentType: 'video/mp4' },
};
const report: RwsRequest = { method: 'POST', path: '/report', body: { json: {} } };

describe('a password that was changed at RWS', () => {
  const clock = new FakeClock();
  const refusals: number[] = [];
  let isChanged = false;
  let rws: ScriptedRws;
  let gateway: RwsGateway;
  let server: string;

  beforeEach(async () => {
    refusals.length = 0;
    isChanged = false;
    rws = new ScriptedRws(({ headers }, response) => {
      const isOld = Buffer.from(String(headers.authorization).slice(6), 'base64').toString() === 'ann:old';
      if (!isChanged || !isOld) return envelope(response, 200, ME);
      refusals.push(clock.now());
      envelope(response, 401, { statusCode: 20 });
    });
    server = await rws.start();
    const ports = { clock, random: Math.random, log: silentLogger };
    gateway = createRwsGateway({ config: rwsSchema.parse({}), trigger: 'command', clientVersion: '8.5.100.00', ...ports });
  });
  afterEach(() => rws.stop());

  const signIn = async (password = OLD.password): Promise<RwsHttp> => {
    const login = await gateway.signIn(server, { userName: 'ann', password }, AbortSignal.timeout(20_000));
    return login.http;
  };
  const outcome = (task: Promise<unknown>): Promise<string> =>
    task.then(
      () => 'taken',
      (error: unknown) => (isRwsError(error) ? error.kind : String(error)),
    );
  const useAll = (logins: readonly RwsHttp[]): Promise<string[]> =>
    Promise.all(
      logins.flatMap((http) => [http.request(media), http.request(report), http.refresh(), signIn()].map((task) => outcome(task))),
    );

  it('is tried twice in half an hour at most, however many use it', async () => {
    const logins = [await signIn(), await signIn()];
    isChanged = true;
    expect(await outcome(logins[0]?.request(media) ?? Promise.reject(new Error('no login')))).toBe('unauthenticated');
    for (let minutes = 0; minutes < 120; minutes += 1) {
      const results = await useAll(logins);
      expect(new Set(results)).toEqual(new Set(['unauthenticated']));
      await clock.advance(MINUTE);
    }
    for (const at of refusals) expect(refusals.filter((other) => other >= at && other - at < HALF_AN_HOUR).length).toBeLessThanOrEqual(2);
    expect(refusals.length).toBeGreaterThan(4);
  });

  it('is tried anew when a login or a person asks', async () => {
    const http = await signIn();
    isChanged = true;
    await outcome(http.request(report));
    await outcome(http.request(report));
    const spent = refusals.length;
    await outcome(http.request(report));
    expect(refusals.length).toBe(spent);
    for (const ask of [() => gateway.forgiveRefusals(OLD), () => gateway.forgiveRefusals()]) {
      const before = refusals.length;
      gateway.forgiveRefusals({ userName: 'ann', password: new Secret('other') });
      await outcome(http.refresh());
      expect(refusals.length).toBe(before);
      ask();
      await outcome(http.refresh());
      await outcome(http.refresh());
      expect(refusals.length).toBe(before + 2);
    }
    expect(await outcome(signIn(new Secret('new')))).toBe('taken');
  });

  it('is no matter when only the session was gone', async () => {
    const http = await signIn();
    for (let times = 0; times < 10; times += 1) {
      isChanged = true;
      expect(await outcome(http.request(report))).toBe('unauthenticated');
      isChanged = false;
      expect(await outcome(http.request(media))).toBe('taken');
    }
  });
});
