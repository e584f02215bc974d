import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { createLogger } from '../../../src/lib/logger';
import { basic, sendRequest } from '../../support/http-request';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { malformedRequest } from '../../support/malformed-requests';
import { openRaw } from '../../support/raw-connection';
import { until } from '../../support/until';

const REQUESTS = process.env['SRS_NIGHTLY'] === '1' ? 20_000 : 2_000;
const AT_ONCE = 20;
const PATIENCE_MS = 60;
const MAX_HEAP_GROWTH_BYTES = 16 * 1024 * 1024;

describe(`${REQUESTS} malformed requests on raw sockets`, () => {
  let api: ApiUnderTest;
  const faults: string[] = [];
  const seen = new Set<number>();

  beforeAll(async () => {
    const log = createLogger('error', [{ write: (line) => faults.push(line) }]);
    api = await startApi({ log, limits: { requestTimeoutMs: 2_000, headersTimeoutMs: 1_000, idleTimeoutMs: 1_000, checkEveryMs: 100 } });
  });
  afterAll(() => api.stop());

  it('crash nothing, are never answered with 500 or a stack, leave no socket open, and the service goes on answering', async () => {
    const request = malformedRequest({ host: new URL(api.base).host, origin: DESKTOP });
    const sockets = openSockets();
    const heapAfterWarmUp: number[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (requests) => {
        const answers = await Promise.all(requests.map((bytes) => exchange(api.base, bytes)));
        answers.flatMap(checkAnswers).forEach((status) => seen.add(status));
        expect((await sendRequest(api.base, { path: '/version' })).status).toBe(200);
        expect(faults).toEqual([]);
        if (heapAfterWarmUp.length === 0) heapAfterWarmUp.push(collectedHeapBytes());
      }),
      { numRuns: REQUESTS / AT_ONCE },
    );
    await until('every socket to be closed', () => openSockets() <= sockets);
    expect(collectedHeapBytes() - (heapAfterWarmUp[0] ?? 0)).toBeLessThan(MAX_HEAP_GROWTH_BYTES);
    for (const status of [200, 400, 401, 403, 404, 405, 421]) expect(seen).toContain(status); // it gets past the parser
    await api.clock.advance(60_000);
    expect(
      (await sendRequest(api.base, { path: '/api/v2/me', headers: { Origin: DESKTOP, Authorization: basic('agent', 'secret') } })).status,
    ).toBe(200);
  }, 1_200_000);
});

/** Sends the bytes, perhaps in two pieces, waits for an answer a little, says that nothing more will come, and reads to the end. */
async function exchange(base: string, bytes: Buffer): Promise<string> {
  const { socket, closed } = await openRaw(base);
  const patience = setTimeout(() => socket.end(), PATIENCE_MS);
  socket.once('data', () => socket.end());
  const cut = bytes.length % 3 === 0 ? Math.floor(bytes.length / 2) : bytes.length;
  socket.setNoDelay(true);
  socket.write(bytes.subarray(0, cut), () => socket.write(bytes.subarray(cut)));
  const text = await closed;
  clearTimeout(patience);
  return text;
}

/** @returns the HTTP status of every answer in the text */
function checkAnswers(text: string): number[] {
  const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
  expect(text === '' || statuses.length > 0).toBe(true);
  expect(statuses.filter((status) => status >= 500)).toEqual([]);
  expect(text).not.toMatch(/<html|<!doctype/i);
  expect(text).not.toMatch(/secret|node_modules|node:internal|Error:|\n\s+at /);
  return statuses;
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;
}

function collectedHeapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
