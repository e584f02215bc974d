// `npm run soak [-- --hours N | --minutes N]`: one client through working days of a minute, and whether anything grows (docs/reliability.md).
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { until } from '../../test/support/until';
import { AgentDesktop } from './parts/agent-desktop';
import { ChaosWorld } from './parts/chaos-world';
import { endOnSignal } from './parts/end-on-signal';
import { Painter } from './parts/painter';
import { resourcesOf, seriesOf, type Resources } from './parts/resources';
import { leftFiles } from './parts/search';
import { median, riseOf } from './parts/trend';

const WAIT_MS = 120_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { hours: { type: 'string' }, minutes: { type: 'string' } } });
  const minutes = values.minutes === undefined ? 60 * numberOf('hours', values.hours ?? '1') : numberOf('minutes', values.minutes);
  const world = await ChaosWorld.create({ isRoot: process.getuid?.() === 0, pauseMode: 'black', segmentMinutes: 60 });
  const stayAlive = endOnSignal(world);
  try {
    const samples = await soak(world, Date.now() + minutes * 60_000);
    await writeFile(join(world.directory, 'samples.json'), JSON.stringify(samples, undefined, 1));
    const rises = seriesOf(samples).map((series) => {
      const values = series.samples.slice(Math.floor(series.samples.length / 2)).map(({ value }) => value);
      say(`${series.name}: ${median(values).toFixed(1)}`);
      return riseOf(series);
    });
    const found = rises.filter((rise) => rise !== undefined);
    say(`${samples.length} days in ${minutes} minutes: ${found.length === 0 ? 'flat' : found.join('; ')}`);
    if (found.length > 0) process.exitCode = 1;
  } catch (error) {
    await writeFile(join(world.directory, 'service.log'), world.log());
    process.exitCode = 1;
    throw error;
  } finally {
    await world.dispose();
    stayAlive();
    if (process.exitCode === undefined) await rm(world.directory, { recursive: true, force: true });
    else say(`kept: ${world.directory}`);
  }
}

/** Working days until the time has come, each with what was used at its end. */
async function soak(world: ChaosWorld, due: number): Promise<readonly { readonly at: number; readonly resources: Resources }[]> {
  const samples: { at: number; resources: Resources }[] = [];
  const desktop = new AgentDesktop(world);
  const painter = new Painter(world.screen);
  await world.start();
  desktop.start();
  painter.start();
  try {
    while (Date.now() < due) {
      await workThrough(world, desktop, samples.length);
      const spool = (await leftFiles(world)).length;
      samples.push({ at: Date.now(), resources: resourcesOf(world.pid ?? 0, await world.metrics(), spool) });
      say(
        `day ${samples.length}: ${Object.values(samples.at(-1)?.resources ?? {})
          .map(Math.round)
          .join(' ')}`,
      );
      if (desktop.violations.length > 0) throw new Error(desktop.violations.join('; '));
    }
    return samples;
  } finally {
    await desktop.stop();
    await painter.stop();
  }
}

/** Two agents on one seat: recordings, a pause, RWS away in one of them, all uploaded, and home. */
async function workThrough(world: ChaosWorld, desktop: AgentDesktop, day: number): Promise<void> {
  desktop.comeBack();
  await record(world, desktop, `day-${day}-first`, async (id) => {
    world.simulator.control.pauseRecording(desktop.agent, id);
    await pause(2000);
    await listening(world, desktop);
    world.simulator.control.resumeRecording(desktop.agent, id);
  });
  desktop.changeAgent();
  await record(world, desktop, `day-${day}-second`, async () => {
    await world.link.refuse();
    await pause(2000);
    await world.link.accept();
  });
  await until(
    'the uploads',
    async () => (await world.snapshot()).uploads.jobs.length === 0 && (await leftFiles(world)).length === 0,
    WAIT_MS,
  );
  await desktop.logOut();
  await until('the logout', async () => (await world.snapshot()).session.status === 'signedOut', WAIT_MS);
}

async function record(
  world: ChaosWorld,
  desktop: AgentDesktop,
  recordingId: string,
  meanwhile: (id: string) => Promise<void>,
): Promise<void> {
  const { control } = world.simulator;
  const reported = (state: string) => control.reports().some((report) => report.recordingId === recordingId && report.state === state);
  await listening(world, desktop);
  control.startRecording(desktop.agent, { recordingId });
  await until(`${recordingId} to run`, () => reported('Recording'), WAIT_MS);
  await pause(4000);
  await meanwhile(recordingId);
  await pause(4000);
  await listening(world, desktop);
  control.stopRecording(desktop.agent, recordingId);
  await until(`${recordingId} at RWS`, () => control.recordings().some((recording) => recording.recordingId === recordingId), WAIT_MS);
}

async function listening({ simulator }: ChaosWorld, { agent }: AgentDesktop): Promise<void> {
  const isOne = (): boolean => simulator.control.agents().some(({ userName, isListening }) => isListening && userName === agent);
  await until(`${agent} to be connected`, isOne, WAIT_MS);
}

function numberOf(name: string, text: string): number {
  if (/^\d{1,4}(\.\d{1,2})?$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error(`--${name}: ${text} is no number above 0`);
}

main().catch((error: unknown) => {
  process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
