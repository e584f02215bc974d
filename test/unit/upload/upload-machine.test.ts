import { stepUpload } from '../../../src/upload/upload-machine';
import {
  initialUpload,
  type UploadBlock,
  type UploadBlocks,
  type UploadEvent,
  type UploadMachineState,
  type UploadStep,
  type UploadSurroundings,
} from '../../../src/upload/upload-state';
import { viewUploads } from '../../../src/upload/uploads-view';
import type { UploadOutcome } from '../../../src/upload/answer-table';
import type { SpoolJob } from '../../../src/spool/ports';
import { exampleJob } from '../../fakes/fake-job-store';

const NOW = Date.UTC(2026, 0, 5, 9, 0, 0);
const media = Buffer.from('media');
const job = (mediaId: string, overrides: Partial<SpoolJob> = {}): SpoolJob =>
  exampleJob(mediaId, media, { createdAt: NOW - 1000, ...overrides });
const around: UploadSurroundings = { now: NOW, wallTime: NOW, random: () => 0.5, retentionMs: 0 };
const nothingBlocked: UploadBlocks = new Map();
const blocked = (block: UploadBlock, ...mediaIds: readonly string[]): UploadBlocks => new Map(mediaIds.map((mediaId) => [mediaId, block]));
const looked = (blocks = nothingBlocked): UploadEvent => ({ type: 'looked', blocks });

/** What happened, and then the look for what is next, as the queue does it. */
function step(state: UploadMachineState, event: UploadEvent, surroundings = around, blocks = nothingBlocked): UploadStep {
  const first = stepUpload(state, event, surroundings);
  const second = stepUpload(first.state, looked(blocks), surroundings);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}

function play(
  events: readonly UploadEvent[],
  surroundings = around,
  blocks = nothingBlocked,
): { state: UploadMachineState; effects: readonly string[] } {
  let state = initialUpload;
  const effects: string[] = [];
  for (const event of events) {
    const next = step(state, event, surroundings, blocks);
    state = next.state;
    effects.push(...next.effects.map((effect) => ('job' in effect ? `${effect.type} ${effect.job.mediaId}` : effect.type)));
  }
  return { state, effects };
}

const statesOf = (state: UploadMachineState, blocks = nothingBlocked, times = around) =>
  viewUploads(state, blocks, times).jobs.map((shown) => shown.state);
const started = (...jobs: readonly SpoolJob[]): UploadEvent => ({ type: 'started', jobs });
const answered = (attempt: number, outcome: UploadOutcome): UploadEvent => ({ type: 'answered', attempt, outcome });
const retry: UploadOutcome = { type: 'retry', reason: 'HTTP 503' };

describe('the upload machine', () => {
  it.each<[string, readonly UploadEvent[], readonly string[]]>([
    ['uploads oldest first, one at a time', [started(job('b', { createdAt: 2 }), job('a', { createdAt: 1 }))], ['upload a']],
    [
      'goes on with the next when one is done',
      [started(job('a'), job('b')), answered(1, { type: 'done' })],
      ['upload a', 'uploaded a', 'upload b'],
    ],
    ['drops a late answer', [started(job('a')), answered(7, { type: 'done' })], ['upload a']],
    ['waits after a failure', [started(job('a'), job('b')), answered(1, retry)], ['upload a', 'save a', 'setTimer']],
    ['takes "already there" for done', [started(job('a')), answered(1, { type: 'alreadyThere' })], ['upload a', 'uploaded a']],
    [
      'does not trust "already there" after a mismatch',
      [started(job('a', { mismatched: true })), answered(1, { type: 'alreadyThere' })],
      ['upload a', 'save a', 'failed a'],
    ],
    [
      'quarantines and goes on',
      [started(job('a'), job('b')), answered(1, { type: 'quarantine', reason: '413', code: 'uploadRefused' })],
      ['upload a', 'save a', 'failed a', 'upload b'],
    ],
    ['leaves quarantined ones alone', [started(job('a', { quarantine: { reason: 'x', since: 1 } }))], []],
    ['breaks off for sleep', [started(job('a')), { type: 'suspended' }, answered(1, { type: 'interrupted' })], ['upload a', 'abort']],
    [
      'goes on after sleep, without a failure counted',
      [started(job('a')), { type: 'suspended' }, answered(1, { type: 'interrupted' }), { type: 'resumed' }],
      ['upload a', 'abort', 'upload a'],
    ],
    [
      'stays stopped',
      [started(job('a')), { type: 'stopped' }, answered(1, { type: 'interrupted' }), { type: 'added', job: job('b') }],
      ['upload a', 'abort'],
    ],
    [
      'does not take the same job twice',
      [started(job('a')), { type: 'added', job: job('a') }, answered(1, { type: 'done' })],
      ['upload a', 'uploaded a'],
    ],
    [
      'remembers where a resumable upload is, once',
      [started(job('a')), ...['u', 'u'].map((tusUrl): UploadEvent => ({ type: 'tusUrlKnown', attempt: 1, tusUrl }))],
      ['upload a', 'save a'],
    ],
    [
      'tries quarantined ones again when asked',
      [started(job('a', { quarantine: { reason: 'x', since: 1 } })), { type: 'retryAsked', mediaId: 'a' }],
      ['save a', 'upload a'],
    ],
  ])('%s', (_name, events, effects) => {
    expect(play(events).effects).toEqual(effects);
  });

  it.each<[number, number | undefined, number]>([
    [0, undefined, 1_000],
    [1, undefined, 2_000],
    [4, undefined, 16_000],
    [50, undefined, 150_000],
    [0, 30_000, 30_000],
    [50, 1_000, 150_000],
  ])('after %d attempts and Retry-After %s it waits %d ms (half of the ceiling here)', (attempts, afterMs, expected) => {
    const outcome: UploadOutcome = { type: 'retry', reason: '503', ...(afterMs === undefined ? {} : { afterMs }) };
    const { state } = play([started(job('a', { attempts })), answered(1, outcome)]);
    expect(state.entries[0]?.job).toMatchObject({ attempts: attempts + 1, notBefore: NOW + expected });
  });

  it('keeps the order while the first fails, and lets others pass only when it failed very often', () => {
    const young = job('young', { createdAt: NOW });
    expect(play([started(job('old', { attempts: 5, notBefore: NOW + 1 }), young)]).effects).toEqual(['setTimer']);
    expect(play([started(job('old', { attempts: 10, notBefore: NOW + 1 }), young)]).effects).toEqual(['upload young']);
  });

  it('keeps the order however long the link is down, and charges nothing to what was to be sent', () => {
    const linkDown: UploadOutcome = { type: 'retry', reason: 'refused the connection', isLinkDown: true };
    const old = job('old', { createdAt: 1 });
    const limited = { ...around, retentionMs: 10_000 };
    let { state } = play([started(old, job('young', { createdAt: NOW }))], limited);
    for (let attempt = 1; attempt <= 30; attempt += 1) {
      const blocks = blocked({ reason: 'refused the connection', until: NOW + attempt }, 'old', 'young');
      const failed = step(state, answered(attempt, linkDown), limited, blocks);
      expect(failed.effects).toEqual([{ type: 'setTimer', name: 'look', ms: attempt }]);
      expect(failed.state.entries[0]).toEqual({ job: old, lastReason: 'refused the connection' });
      ({ state } = stepUpload(failed.state, looked(), limited));
      expect(state.current?.mediaId).toBe('old');
    }
  });

  it('lets the one a person asked for go first, once', () => {
    const jobs = ['old', 'middle', 'young'].map((mediaId, index) => job(mediaId, { createdAt: index, attempts: 1, notBefore: NOW + 1 }));
    const { state, effects } = play([started(...jobs), { type: 'retryAsked', mediaId: 'young' }]);
    expect(effects).toEqual(['setTimer', 'save young', 'upload young']);
    const failed = step(state, answered(1, retry)).state;
    expect(stepUpload(failed, looked(), { ...around, now: NOW + 300_000 }).state.current?.mediaId).toBe('old');
    expect(play([started(...jobs), { type: 'retryAsked' }]).effects.at(-1)).toBe('upload old');
  });

  it.each<[string, Partial<SpoolJob>]>([
    ['from a time when the clock was wrong', { attempts: 1, notBefore: NOW + 3_600_001 }],
    ['far ahead, of one that stepped back', { attempts: 10, notBefore: NOW * 2 }],
  ])('does not keep to a next try %s', (_name, overrides) => {
    const { state, effects } = play([started(job('a', overrides))]);
    expect(effects).toEqual(['upload a']);
    const waiting = { ...state, current: undefined, notBefore: NOW * 2 };
    expect(statesOf(waiting as unknown as UploadMachineState)).toEqual([{ status: 'waiting', reason: expect.any(String) }]);
  });

  it('does not wait for a time that an earlier process kept while the clock was far ahead', () => {
    const ahead = NOW + 400 * 86_400_000;
    const left = job('a', { createdAt: 1, attempts: 1, notBefore: ahead });
    expect(play([started(left)]).effects).toEqual(['upload a']);
  });

  it('passes over jobs nobody may carry', () => {
    const blocks = blocked({ reason: 'waits for ann' }, 'a');
    const { state, effects } = play([started(job('a'), job('b'))], around, blocks);
    expect(effects).toEqual(['upload b']);
    expect(statesOf(state, blocks)).toEqual([
      { status: 'waiting', reason: 'waits for ann' },
      expect.objectContaining({ status: 'uploading' }),
    ]);
  });

  it('shows when the next try is, and why', () => {
    const { state } = play([started(job('a')), answered(1, retry)]);
    expect(statesOf(state)).toEqual([{ status: 'waiting', reason: 'HTTP 503', nextTry: '2026-01-05T09:00:01.000Z' }]);
  });

  it('estimates from what went out in this attempt, not from where it resumed', () => {
    let { state } = play([started(job('a', { size: 1000 }))]);
    for (const [sent, now] of [
      [500, NOW],
      [600, NOW + 1000],
    ] as const) {
      state = stepUpload(state, { type: 'progressed', attempt: 1, sent }, { ...around, now }).state;
    }
    expect(statesOf(state, nothingBlocked, { ...around, now: NOW + 1000, wallTime: NOW + 1000 })).toEqual([
      { status: 'uploading', sent: 600, total: 1000, estimatedSeconds: 4 },
    ]);
  });

  it('looks again when a block is over by itself, or earlier when another job is due', () => {
    const blocks = blocked({ reason: 'refused', until: NOW + 5_000 }, 'a');
    const looksIn = (...jobs: readonly SpoolJob[]): readonly number[] =>
      step(initialUpload, started(...jobs), around, blocks).effects.flatMap((effect) => (effect.type === 'setTimer' ? [effect.ms] : []));
    expect(looksIn(job('a'))).toEqual([5_000]);
    expect(looksIn(job('a'), job('b', { notBefore: NOW + 9_000 }))).toEqual([5_000]);
    expect(looksIn(job('a'), job('b', { notBefore: NOW + 1_000 }))).toEqual([1_000]);
    expect(play([started(job('a'))], { ...around, now: NOW + 5_000 }).effects).toEqual(['upload a']);
  });

  describe('at the retention limit', () => {
    const limited: UploadSurroundings = { ...around, random: () => 0, retentionMs: 10_000 };
    const old = job('a', { createdAt: NOW - 10_001 });
    const failedTries = (count: number): UploadEvent[] => Array.from({ length: count }, (_, index) => answered(index + 1, retry));

    it('ends the tries, says why, never deletes', () => {
      const { state, effects } = play([started(old), ...failedTries(10)], limited);
      expect(effects.slice(-3)).toEqual(['upload a', 'save a', 'failed a']);
      expect(state.entries.map((entry) => entry.job)).toEqual([
        expect.objectContaining({
          mediaId: 'a',
          attempts: 10,
          quarantine: { reason: expect.stringMatching(/spool\.retentionDays.*503/), code: 'uploadTooOld', since: NOW },
        }),
      ]);
    });

    it.each<[string, Partial<SpoolJob>]>([
      ['one that was never tried', {}],
      ['one that failed often before the service started', { attempts: 200 }],
    ])('gives %s its tries first', (_name, before) => {
      const { state } = play([started({ ...old, ...before }), ...failedTries(9)], limited);
      expect(state.entries[0]?.job).not.toHaveProperty('quarantine');
      expect(state.current?.mediaId).toBe('a');
    });

    it('leaves one alone that nobody may carry', () => {
      const { state, effects } = play([started(old)], limited, blocked({ reason: 'waits for ann' }, 'a'));
      expect(effects).toEqual([]);
      expect(state.entries[0]?.job).toEqual(old);
    });

    it('counts anew from the day a person asked for another try', () => {
      const quarantinedJob = job('a', { createdAt: NOW - 10_001, quarantine: { reason: 'aged', since: NOW } });
      const asked: UploadEvent[] = [started(quarantinedJob), { type: 'retryAsked', mediaId: 'a' }];
      const { state } = play([...asked, ...failedTries(50)], limited);
      expect(state.entries[0]?.job).toMatchObject({ attempts: 50, retriedAt: NOW });
      expect(state.entries[0]?.job).not.toHaveProperty('quarantine');
      const later = step(state, answered(51, retry), { ...limited, now: NOW + 10_001, wallTime: NOW + 10_001 });
      expect(later.state.entries[0]?.job).toHaveProperty('quarantine');
    });
  });
});
