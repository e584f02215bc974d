import { chaosPlanOf } from '../../../../scripts/chaos/parts/chaos-plan';
import type { Evidence } from '../../../../scripts/chaos/parts/evidence';
import { FAULTS, faultsFor } from '../../../../scripts/chaos/parts/faults';
import { withPauses } from '../../../../scripts/chaos/parts/read-evidence';
import { judge } from '../../../../scripts/chaos/parts/judge';

const COLOURS = [0xeb1414, 0x14eb14, 0x1414eb];
const painted = Array.from({ length: 40 }, (_, turn) => ({ at: turn * 1000, colour: COLOURS[turn % 3] ?? 0 }));
const change = (at: number, from: string, to: string) => ({ at, from, to, recordingId: to === 'idle' ? undefined : 'r' });
const framesOf = (from: number, to: number) => painted.filter(({ at }) => at >= from && at < to);
const film = { recordingId: 'r', mediaId: 'm', userName: 'ann', from: 5000, to: 15_000, events: [], saidMs: 10_000, foundMs: 10_000 };

/** Ten seconds were commanded, and RWS has them. */
const KEPT: Evidence = {
  pauseMode: 'black',
  commands: [
    { at: 4900, name: 'start', recordingId: 'r' },
    { at: 14_900, name: 'stop', recordingId: 'r' },
  ],
  faults: [],
  ends: [30_000],
  changes: [change(5000, 'idle', 'starting'), change(5100, 'starting', 'recording'), change(15_000, 'recording', 'finishing')],
  painted,
  looks: [],
  reports: [],
  failed: new Set(),
  films: [{ ...film, frames: framesOf(5000, 15_000) }],
};
const late = { ...film, from: 10_000, saidMs: 5000, foundMs: 5000, frames: framesOf(10_000, 15_000) };
const paused = [
  ...KEPT.changes.slice(0, 2),
  change(8000, 'recording', 'paused'),
  change(12_000, 'paused', 'recording'),
  ...KEPT.changes.slice(2),
];
const black = framesOf(5000, 15_000).map(({ at, colour }) => ({ at, colour: at > 8000 && at < 12_000 ? 0 : colour }));
const frozen = { name: 'freezeRws', from: 0, to: 30_000 } as const;
const session = { status: 'connected' } as Evidence['looks'][number]['session'];
const looks = [{ at: 25_000, session, recorder: { status: 'idle' } as const }];

describe('the judge of a round', () => {
  it.each<[string, Partial<Evidence>]>([
    ['a whole film', {}],
    ['a late one whose gap is told', { films: [{ ...late, events: [{ at: 5000, event: 'gap' }] }] }],
    ['none, told to have failed', { films: [], reports: [{ recordingId: 'r', state: 'Failed', reason: '' }] }],
    ['a pause in black', { changes: paused, films: [{ ...film, frames: black }] }],
  ])('is content with %s', (_name, other) => expect(judge({ ...KEPT, ...other })).toEqual([]));

  it.each<[RegExp, Partial<Evidence>]>([
    [/lacks second 0.0 to second 10.0/, { films: [] }],
    [/lacks second 0.0 to second 5.0/, { films: [late] }],
    [/uploaded twice/, { films: [...KEPT.films, ...KEPT.films] }],
    [/never commanded/, { films: [...KEPT.films, { ...late, recordingId: 'other', from: 20_000, to: 25_000 }] }],
    [/is said to last 10000 ms and lasts 4000/, { films: [{ ...film, foundMs: 4000, frames: framesOf(5000, 15_000) }] }],
    [/shows what is not its/, { films: [{ ...film, to: 20_000, saidMs: 15_000, foundMs: 15_000, frames: framesOf(5000, 20_000) }] }],
    [/shows a pause/, { changes: paused }],
    [/what was not on the screen/, { films: [{ ...film, frames: framesOf(5000, 15_000).map(({ at }) => ({ at, colour: 0xffffff })) }] }],
    [/nobody wanted that/, { commands: KEPT.commands.slice(0, 1) }],
    [/was not followed/, { changes: [], films: [], commands: KEPT.commands.slice(0, 1), looks: [{ ...looks[0]!, at: 4000 }] }],
    [
      /lost 7000 ms before a kill/,
      {
        ends: [15_000],
        changes: KEPT.changes.slice(0, 2),
        films: [{ ...film, to: 8000, saidMs: 3000, foundMs: 3000, frames: framesOf(5000, 8000), events: [{ at: 8000, event: 'gap' }] }],
      },
    ],
    [/a connection is shown/, { faults: [frozen], looks }],
  ])('says %s', (violation, other) => expect(judge({ ...KEPT, ...other })).toContainEqual(expect.stringMatching(violation)));
});

describe('the time of a picture in a film without its pauses', () => {
  const events = [
    { at: 2000, event: 'paused' },
    { at: 5000, event: 'resumed' },
    { at: 7000, event: 'paused' },
    { at: 8000, event: 'resumed' },
    { at: 9000, event: 'paused' },
  ];
  it.each([
    [1500, 1500],
    [2500, 5500],
    [4500, 8500],
  ])('is, of what it shows at %d, %d', (shown, so) => expect(withPauses(shown, 1000, events)).toBe(so));
});

describe('the plan of a round', () => {
  it('follows from its seed, and holds only faults that can be made', () => {
    const faults = faultsFor(false);
    expect(chaosPlanOf(7, faults)).toEqual(chaosPlanOf(7, faults));
    const names = Array.from({ length: 300 }, (_, seed) => chaosPlanOf(seed, faults).steps.map(({ name }) => name)).flat();
    expect(faults.filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name) => name in FAULTS && !faults.includes(name as never))).toEqual([]);
  });
});
