import { silentLogger } from '../../../src/lib/logger';
import { beginMasks } from '../../../src/screen/source-masks';
import { FakeClock } from '../../fakes/fake-clock';
import { FakeVisibleWindows } from '../../fakes/fake-visible-windows';

const nothing = { onCovering: () => undefined, onUnknown: () => undefined };
const display = { id: 'one', isPrimary: true, geometry: { x: 0, y: 0, width: 100, height: 100 } };

describe('looks at the windows', () => {
  it.each([
    ['no rules at all', undefined, 0],
    ['an empty list of them', { masks: [], maskExcept: [], maskFailure: 'cover' }, 0],
    ['a rule', { masks: [{ title: 'secret' }], maskExcept: [], maskFailure: 'cover' }, 1],
    ['an exception', { masks: [], maskExcept: [{ title: 'public' }], maskFailure: 'stop' }, 1],
  ] as const)('with %s', async (_what, rules, opened) => {
    const windows = new FakeVisibleWindows();
    const masks = beginMasks({ open: windows.open, clock: new FakeClock(), log: silentLogger }, rules, [display], nothing);
    await masks?.run.look();
    expect([masks !== undefined, windows.opened]).toEqual([opened === 1, opened]);
  });
});
