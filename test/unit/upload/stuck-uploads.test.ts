import { describeRaised } from '../../../src/shared/problem-catalogue';
import { findStuckUploads, type StuckSurroundings } from '../../../src/upload/stuck-uploads';
import { stepUpload } from '../../../src/upload/upload-machine';
import { initialUpload } from '../../../src/upload/upload-state';
import type { SpoolJob } from '../../../src/spool/ports';
import { exampleJob } from '../../fakes/fake-job-store';

const NOW = Date.UTC(2026, 0, 5, 9);
const job = exampleJob('m1', Buffer.from('video'), { servers: { primary: 'https://gone.example' } });

function find(jobs: readonly SpoolJob[], around: Partial<StuckSurroundings>): string | undefined {
  const blocks = new Map([['m1', { reason: 'Waits for ann to sign in.' }]]);
  const surroundings = { now: 0, wallTime: NOW, random: () => 0.5, retentionMs: 0, blocks };
  const { state } = stepUpload(initialUpload, { type: 'started', jobs }, surroundings);
  const nothing = { damaged: 0, refused: undefined, isRetired: () => false, troubleOf: () => undefined };
  const facts = findStuckUploads(state, { ...surroundings, ...nothing, ...around });
  return facts === undefined ? undefined : describeRaised({ code: 'uploadsStuck', facts }).text;
}

describe('the problem uploadsStuck', () => {
  it('is none while a recording waits for its agent', () => {
    expect(find([job], {})).toBeUndefined();
  });

  it.each<[string, Partial<SpoolJob>, string]>([
    ['names the servers that may not be talked to any more', {}, 'gone.example'],
    ['says what an earlier version’s recording needs', { servers: undefined } as object, 'configured recording servers only'],
  ])('%s, at once', (_what, change, words) => {
    const { servers, ...rest } = { ...job, ...change };
    const held = servers === undefined ? rest : { ...rest, servers };
    expect(find([held], { isRetired: () => true })).toContain(words);
  });

  it('is none of a retired server whose recordings are quarantined already: that is told instead', () => {
    expect(find([{ ...job, quarantine: { reason: 'No.', since: 0 } }], { isRetired: () => true })).toContain('RWS does not take');
  });

  it('names what the disk says of recordings that it does not let be finished', () => {
    expect(find([], { refused: { count: 2, reason: 'EIO: i/o error' } })).toBe(
      'On this computer 2 recordings cannot be finished: the disk refuses (EIO: i/o error).',
    );
  });
});
