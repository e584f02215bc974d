import { SnapshotStore, type SnapshotParts } from '../../../src/service/snapshot-store';
import { FakeClock } from '../../fakes/fake-clock';

const PARTS: SnapshotParts = {
  version: '8.5.100.00',
  packageVersion: '1.0.0',
  isDemo: false,
  endpoints: [],
  session: { status: 'signedOut' },
  recorder: { status: 'idle' },
  uploads: { jobs: [], pendingBytes: 0 },
  problems: [],
  history: [],
};

describe('SnapshotStore', () => {
  it('gives one whole snapshot per change, with a rising revision', () => {
    let parts = PARTS;
    const store = new SnapshotStore({ read: () => parts, clock: new FakeClock(), onListenerError: () => undefined });
    const seen: number[] = [];
    store.onChange(({ revision }) => seen.push(revision));
    parts = { ...PARTS, isDemo: true };
    store.refresh();
    store.refresh();
    expect(seen).toEqual([2, 3]);
    expect(store.current).toMatchObject({ revision: 3, isDemo: true, session: { status: 'signedOut' } });
  });

  it('goes on when a listener throws', () => {
    const errors: unknown[] = [];
    const store = new SnapshotStore({ read: () => PARTS, clock: new FakeClock(), onListenerError: (error) => errors.push(error) });
    const seen: number[] = [];
    store.onChange(() => {
      throw new Error('view broke');
    });
    const stop = store.onChange(({ revision }) => seen.push(revision));
    store.refresh();
    stop();
    store.refresh();
    expect(seen).toEqual([2]);
    expect(errors).toHaveLength(2);
  });
});
