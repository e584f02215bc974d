import type { Step } from './plan';
import type { RwsWeather } from './simulated-rws';
import { AGENTS, type World } from './world';

const WEATHERS: readonly RwsWeather[] = [
  'slow',
  'hanging',
  'down',
  'cut',
  'answerLost',
  'busy',
  'refused',
  'forbidden',
  'unauthenticated',
  'html',
  'partly',
];

/** Lets one step of a plan happen. */
export async function perform(world: World, step: Step): Promise<void> {
  world.note(`-- ${step.name} ${step.choice.toFixed(3)} ${step.ms} ms`);
  const { ledger, clock, disk, keychain, rws, composed, process } = world;
  switch (step.name) {
    case 'start':
      return ledger.start();
    case 'stop':
      return ledger.stop();
    case 'pause':
      return ledger.pause();
    case 'resume':
      return ledger.resume();
    case 'logout':
      return logOut(world, step.ms);
    case 'hotSeat':
      return world.logIn(world.agent === AGENTS[0] ? AGENTS[1] : AGENTS[0]);
    case 'weather':
      rws.weather = among(WEATHERS, step);
      return later(world, step, () => (rws.weather = 'fine'));
    case 'sessionEnds':
      return rws.endSessions();
    case 'clock':
      return clock.step(Math.round((step.choice - 0.5) * 7_200_000));
    case 'sleep':
      return sleep(world, step.ms);
    case 'disk':
      disk.trouble = among(['full', 'broken', 'held'], step);
      return later(world, step, () => (disk.trouble = 'none'));
    case 'keychain':
      keychain.trouble = among(['locked', 'hanging'], step);
      return later(world, step, () => keychain.heal());
    case 'captureEnds':
      return process.run(() => world.capture.run?.crash());
    case 'captureSilent':
      world.capture.isSilent = true;
      return later(world, step, () => (world.capture.isSilent = false));
    case 'captureBroken':
      world.capture.isBroken = true;
      return later(world, step, () => (world.capture.isBroken = false));
    case 'displays':
      return process.run(() => composed.recorder.displaysChanged());
    case 'unlock':
      return process.run(() => composed.recorder.unlocked());
    case 'kill':
    case 'powerCut':
      return killAt(world, step, step.name);
    case 'restart':
      return world.restart();
  }
}

/** Now, or in the middle of what is done next with files. */
function killAt(world: World, { choice }: Step, how: 'kill' | 'powerCut'): void {
  if (choice < 0.3) return world.kill(how);
  world.process.dieAt(Math.ceil((choice - 0.3) * 60), () => world.kill(how));
}

function among<T>(items: readonly T[], { choice }: Step): T {
  return items[Math.floor(choice * items.length)] as T;
}

function later(world: World, { ms }: Step, task: () => void): void {
  world.clock.after(ms, task);
}

function logOut(world: World, awayMs: number): void {
  const { agent } = world;
  const current = world.composed.service.current();
  world.agent = undefined;
  if (current !== undefined) world.call('logout', () => world.composed.service.logout(current.sessionId));
  world.clock.after(awayMs, () => (world.agent ??= agent));
}

async function sleep(world: World, ms: number): Promise<void> {
  const { process, composed, capture } = world;
  process.run(() => {
    composed.recorder.suspended();
    composed.session.suspended();
    composed.uploads.suspended();
  });
  capture.isSilent = true;
  await world.pass(ms);
  capture.isSilent = false;
  process.run(() => {
    composed.session.resumed();
    composed.uploads.resumed();
    composed.recorder.resumed();
  });
}
