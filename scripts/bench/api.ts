// What whoever asks the service feels. `/ping` beside the same route of a bare Express with cors, one request after the other on one
// connection; `/ping` ten times a second while nothing is recorded and during a recording of BENCH_SECONDS (60) of a moving screen; a login
// beside the same session opened without the service between; and how long after RWS's start command the first frame is there.
import cors from 'cors';
import express from 'express';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { rwsSchema } from '../../src/config/schema';
import { SystemClock } from '../../src/lib/clock';
import { silentLogger } from '../../src/lib/logger';
import { Secret } from '../../src/lib/secret';
import { createRwsGateway } from '../../src/rws/create-rws-gateway';
import { fromRwsTime } from '../../src/shared/rws-time';
import { sendRequest } from '../../test/support/http-request';
import type { PaintedScreen } from '../../test/support/painted-screen';
import { ServiceOnScreen } from '../../test/support/service-on-screen';
import { until } from '../../test/support/until';
import { at, isShort, length, median, note, runBenchmark } from './parts/figures';

const SECONDS = length('BENCH_SECONDS', 60, 1);
const STARTS = length('BENCH_STARTS', 10, 1);
const BLOCKS = isShort ? 1 : 20;
const BLOCK_REQUESTS = isShort ? 20 : 500;
const LOGINS = isShort ? 2 : 30;
const EVERY_MS = 100;
const PATCH = { width: 160, height: 90 };

/** Something moves all the time, as it does while somebody works. */
function moveOn(screen: PaintedScreen): NodeJS.Timeout {
  let turn = 0;
  return setInterval(() => {
    turn += 1;
    void screen.paint((turn * 0x2f41c7) & 0xffffff, { x: (turn * 37) % 1100, y: (turn * 53) % 620, ...PATCH });
  }, 100);
}

type Ask = () => Promise<unknown>;

function asker(base: string, headers: Readonly<Record<string, string>>): Ask {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  return async () => {
    const { status } = await sendRequest(base, { path: '/ping', headers, agent });
    if (status !== 200) throw new Error(`/ping was answered with ${status}`);
  };
}

async function timed(task: Ask): Promise<number> {
  const begin = performance.now();
  await task();
  return performance.now() - begin;
}

async function bareExpress(): Promise<{ readonly base: string; readonly server: http.Server }> {
  const app = express();
  app.use(cors({ origin: true, credentials: true }));
  app.get('/ping', (_request, response) => void response.json({ statusCode: 0 }));
  const server = await new Promise<http.Server>((resolve) => {
    const listening: http.Server = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** In blocks by turns, so that the machine's other load hits both. */
async function throughput(service: ServiceOnScreen): Promise<void> {
  const { base, server } = await bareExpress();
  const asks = [asker(service.address, service.headers), asker(base, { Origin: service.headers.Origin })];
  const rates: [number[], number[]] = [[], []];
  for (let block = 0; block < BLOCKS; block += 1) {
    for (const [index, ask] of asks.entries()) {
      const ms = await timed(async () => {
        for (let request = 0; request < BLOCK_REQUESTS; request += 1) await ask();
      });
      rates[index === 0 ? 0 : 1].push((BLOCK_REQUESTS / ms) * 1000);
    }
  }
  server.close();
  server.closeAllConnections();
  const yardstick = { name: 'Express and cors', value: median(rates[1]) };
  note({ name: '/ping', unit: 'a second', value: median(rates[0]), yardstick, goal: { atLeast: 0.9 } });
}

async function regularPings(service: ServiceOnScreen, forSeconds: number): Promise<readonly number[]> {
  const ask = asker(service.address, service.headers);
  const times: number[] = [];
  const end = performance.now() + forSeconds * 1000;
  for (let due = performance.now(); due < end; due += EVERY_MS) {
    await sleep(Math.max(0, due - performance.now()));
    times.push(await timed(ask));
  }
  return times;
}

/** The same calls to RWS, without the service between. */
async function logins(service: ServiceOnScreen, server: string): Promise<void> {
  const log = silentLogger;
  const clock = new SystemClock();
  const gateway = createRwsGateway({
    config: rwsSchema.parse({}),
    trigger: 'command',
    clientVersion: '8.5.100.00',
    clock,
    random: Math.random,
    log,
  });
  const nothing = (): void => undefined;
  const listener = {
    onCommand: nothing,
    onStartRefused: nothing,
    onContact: nothing,
    onInterrupted: nothing,
    onRestored: nothing,
    onEnded: nothing,
  };
  const never = new AbortController().signal;
  const times: [number[], number[]] = [[], []];
  for (let login = 0; login < LOGINS; login += 1) {
    await sendRequest(service.address, { method: 'POST', path: '/logout', headers: service.headers });
    times[0].push(await timed(() => service.logIn()));
    times[1].push(
      await timed(async () => {
        const signedIn = await gateway.signIn(server, { userName: 'ann', password: new Secret('ann-secret') }, never);
        const session = await signedIn.openSession({ devices: [] }, listener, never);
        session.discard();
        signedIn.discard();
      }),
    );
  }
  const added = median(times[0]) - median(times[1]);
  note({ name: 'login, what the service adds to RWS’s own time, p50', unit: 'ms', value: added, goal: { atMost: 5 } });
}

async function firstFrames(service: ServiceOnScreen): Promise<void> {
  const seen: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const id = `start-${start}`;
    const began = Date.now();
    await service.record(id);
    await sleep(1500);
    service.stopRecording(id);
    const video = await until('the video', () => service.simulator.control.recordings().find(({ recordingId }) => recordingId === id));
    const [media] = (video.metadata as { readonly mediaFiles: readonly { readonly startTime: string }[] }).mediaFiles;
    seen.push((fromRwsTime(media?.startTime ?? '') ?? Number.NaN) - began);
  }
  note({ name: 'start command to first frame, p50', unit: 'ms', value: median(seen) });
  note({ name: 'start command to first frame, p99', unit: 'ms', value: at(seen, 0.99), goal: { atMost: 300 } });
}

runBenchmark(async () => {
  const service = await ServiceOnScreen.create();
  const moving = moveOn(service.screen);
  try {
    await service.start();
    await sleep(isShort ? 0 : 3000);
    await throughput(service);
    await logins(service, service.server);
    await firstFrames(service);
    note({ name: '/ping, nothing recorded, p99', unit: 'ms', value: at(await regularPings(service, Math.min(20, SECONDS)), 0.99) });
    await service.record('long');
    note({ name: '/ping, recording, p99', unit: 'ms', value: at(await regularPings(service, SECONDS), 0.99) });
    service.stopRecording('long');
  } finally {
    clearInterval(moving);
    await service.dispose();
  }
});
