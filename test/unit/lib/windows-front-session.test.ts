import { lookAtWindows } from '../../../src/lib/windows-front-session';

const OWN_PROCESS = 100;

interface Facts {
  readonly own?: number | Error;
  readonly state: number | Error;
  readonly console?: number | Error;
}

function look({ own = 2, state, console: atConsole = new Error('not asked') }: Facts) {
  const answer = async (value: number | Error): Promise<number> => {
    if (value instanceof Error) throw value;
    return value;
  };
  const sessionOf = (id: number): Promise<number> => answer(id === OWN_PROCESS ? own : new Error('another process'));
  const system = { sessionOf, connectState: () => answer(state), consoleSession: () => answer(atConsole) };
  return lookAtWindows({ system, processId: OWN_PROCESS })();
}

describe('lookAtWindows', () => {
  const [ACTIVE, CONNECTED, SHADOW, DISCONNECTED, RESET] = [0, 1, 3, 4, 7];
  const NOBODY = 0xffffffff;
  it.each<[string, Facts, string | undefined]>([
    ['at the console', { state: ACTIVE, console: 2 }, 'front'],
    ['one of many on a server, each in front of its own', { state: ACTIVE, console: 1 }, 'front'],
    ['just connected', { state: CONNECTED }, 'front'],
    ['looking at another session', { state: SHADOW }, 'front'],
    ['another user took its place', { state: DISCONNECTED, console: 3 }, 'background'],
    ['left for the welcome screen or by closing the remote window', { state: DISCONNECTED, console: NOBODY }, 'background'],
    ['disconnected, and said to be at the console', { state: DISCONNECTED, console: 2 }, 'background'],
    ['the session of the services', { own: 0, state: DISCONNECTED }, undefined],
    ['no state, at the console', { state: new Error('no'), console: 2 }, 'front'],
    ['a state that passes by, at the console', { state: RESET, console: 2 }, 'front'],
  ])('%s', async (_what, facts, expected) => {
    expect(await look(facts)).toBe(expected);
  });

  it.each<[string, Facts]>([
    ['no state, and another session at the console', { state: new Error('no'), console: 1 }],
    ['no state, while nobody is at the console', { state: new Error('no'), console: NOBODY }],
    ['a state that passes by, and another session at the console', { state: RESET, console: 1 }],
    ['nothing told', { state: new Error('no') }],
    ['its own session not told', { own: new Error('no'), state: ACTIVE }],
  ])('does not guess: %s', async (_what, facts) => {
    await expect(look(facts)).rejects.toThrow();
  });
});
