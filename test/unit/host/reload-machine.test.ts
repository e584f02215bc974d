import {
  initialReload,
  LEAST_GAP_MS,
  LONGEST_SETTLE_MS,
  SETTLE_MS,
  stepReload,
  type ReloadEvent,
  type ReloadState,
} from '../../../src/host/reload-machine';

const START = 1_000_000;
type Row = readonly [event: ReloadEvent<string>, around?: { readonly after?: number; readonly isRecording?: boolean }];

/** What each event leads to, `after` milliseconds later than the one before. */
function run(rows: readonly Row[]): readonly string[] {
  let state: ReloadState<string> = initialReload;
  let now = START;
  return rows.map(([event, { after = 0, isRecording = false } = {}]) => {
    now += after;
    const step = stepReload(state, event, { now, isRecording });
    state = step.state;
    return step.effects
      .map((effect) => (effect.type === 'wait' ? `wait ${effect.ms}` : effect.type === 'take' ? `take ${effect.config}` : effect.type))
      .join(', ');
  });
}
const CHANGED: ReloadEvent<string> = { type: 'changed' };
const SETTLED: ReloadEvent<string> = { type: 'settled' };
const REFUSED: ReloadEvent<string> = { type: 'refused' };
const ENDED: ReloadEvent<string> = { type: 'recordingEnded' };
const read = (config: string): ReloadEvent<string> => ({ type: 'read', config });

describe('a changed configuration', () => {
  it('is read when its sources stood still, and taken over', () => {
    expect(run([[CHANGED], [CHANGED, { after: 500 }], [SETTLED, { after: SETTLE_MS }], [read('a')]])).toEqual([
      `wait ${SETTLE_MS}`,
      `wait ${SETTLE_MS}`,
      'read',
      'take a',
    ]);
  });

  it('is read although its sources never stand still, and seldom', () => {
    let state: ReloadState<string> = initialReload;
    let due = Infinity;
    const readAt: number[] = [];
    for (let now = START; now < START + 120_000; now += 1000) {
      const events: ReloadEvent<string>[] = due <= now ? [SETTLED, read('a'), CHANGED] : [CHANGED];
      for (const event of events) {
        const step = stepReload(state, event, { now, isRecording: false });
        state = step.state;
        for (const effect of step.effects) {
          if (effect.type === 'wait') due = now + effect.ms;
          if (effect.type === 'read') readAt.push(now);
        }
      }
    }
    const gaps = readAt.slice(1).map((at, index) => at - (readAt[index] ?? 0));
    expect(readAt[0]).toBe(START + LONGEST_SETTLE_MS);
    expect(gaps.length).toBeGreaterThan(5);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(LEAST_GAP_MS);
  });

  it('that changes again while it is read is read once more', () => {
    expect(
      run([[CHANGED], [SETTLED, { after: SETTLE_MS }], [CHANGED], [CHANGED], [read('a')], [SETTLED, { after: LEAST_GAP_MS }], [read('b')]]),
    ).toEqual([`wait ${SETTLE_MS}`, 'read', '', '', `take a, wait ${LEAST_GAP_MS}`, 'read', 'take b']);
  });

  it('that is refused changes nothing; the next one is read', () => {
    expect(
      run([
        [CHANGED],
        [SETTLED, { after: SETTLE_MS }],
        [REFUSED],
        [CHANGED, { after: 60_000 }],
        [SETTLED, { after: SETTLE_MS }],
        [read('b')],
      ]),
    ).toEqual([`wait ${SETTLE_MS}`, 'read', '', `wait ${SETTLE_MS}`, 'read', 'take b']);
  });

  it('waits for the end of a recording', () => {
    const isRecording = true;
    expect(
      run([
        [CHANGED, { isRecording }],
        [SETTLED, { isRecording }],
        [read('a'), { isRecording }],
        [ENDED, { isRecording }],
        [ENDED],
        [ENDED],
      ]),
    ).toEqual([`wait ${SETTLE_MS}`, 'read', 'hold', '', 'take a', '']);
  });

  it('that began to wait is left aside for a later one, good or bad', () => {
    const isRecording = true;
    const first: Row[] = [[CHANGED], [SETTLED], [read('a'), { isRecording }], [CHANGED, { after: 60_000 }], [SETTLED]];
    expect(run([...first, [read('b'), { isRecording }], [ENDED]]).at(-1)).toBe('take b');
    expect(run([...first, [REFUSED], [ENDED]]).at(-1)).toBe('');
    expect(run([...first, [read('b')], [ENDED]]).slice(-2)).toEqual(['take b', '']);
  });
});
