import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chooseTranslator } from '../../../../src/desktop/languages';
import { trayIconFile } from '../../../../src/desktop/tray/tray-icon-file';
import { trayModel, type MenuEntry } from '../../../../src/desktop/tray/tray-model';
import type { Snapshot } from '../../../../src/shared/snapshot';
import { TRAY_STATES, trayStateOf } from '../../../../src/shared/tray-state';
import { connected, running, sampleAgent, sampleProblem, sampleSnapshot, SAMPLE_TIME, uploadJob } from '../../../fixtures/snapshots';

const context = {
  translator: chooseTranslator(['en']),
  now: Date.parse(SAMPLE_TIME),
  autoStart: { isOn: true, isChangeable: true },
  allowQuit: true,
};
const recording = { recorder: { status: 'recording', ...running } } as const;
const queued = { uploads: { jobs: [uploadJob], pendingBytes: 1 } };
const labels = (menu: readonly MenuEntry[]): readonly string[] => menu.flatMap((entry) => ('label' in entry ? [entry.label] : []));

describe('the tray’s state', () => {
  it.each<[string, Partial<Snapshot>]>([
    ['signedOut', {}],
    ['signedOut', { session: { status: 'signingIn', userName: 'agent1' } }],
    ['ready', { session: connected }],
    ['ready', { session: connected, recorder: { status: 'starting', recordingId: 'r', userName: 'a', since: SAMPLE_TIME } }],
    ['recording', { session: connected, ...recording }],
    [
      'recording',
      { session: { status: 'expired', agent: sampleAgent, since: SAMPLE_TIME }, ...recording, problems: [sampleProblem('diskFloor')] },
    ],
    ['paused', { recorder: { status: 'paused', pausedSince: SAMPLE_TIME, ...running }, problems: [sampleProblem('diskFloor')] }],
    ['queued', queued],
    ['queued', { recorder: { status: 'finishing', recordingId: 'r', userName: 'a', since: SAMPLE_TIME } }],
    ['problem', { ...queued, problems: [sampleProblem('uploadsStuck')] }],
    ['problem', { recorder: { status: 'failed', recordingId: 'r', since: SAMPLE_TIME, reason: 'no display', code: 'captureNoSource' } }],
    ['problem', { session: { status: 'reconnecting', agent: sampleAgent, since: SAMPLE_TIME, reason: 'away' } }],
  ])('is %s for %j', (state, parts) => {
    expect(trayStateOf(sampleSnapshot(parts))).toBe(state);
  });
});

describe('the tray’s model', () => {
  it('says why in at most 127 characters, the state first', () => {
    const { tooltip } = trayModel(
      sampleSnapshot({ session: connected, problems: [sampleProblem('keychainUnavailable')], ...queued }),
      context,
    );
    expect(tooltip.split('\n').slice(0, 2)).toEqual(['Needs attention', "The system's password store cannot be reached"]);
    expect(tooltip.length).toBeLessThanOrEqual(127);
  });

  it('counts whole minutes', () => {
    expect(labels(trayModel(sampleSnapshot(recording), context).menu)).toContain('Recording, 10 min');
  });

  it('has a submenu with remedy and button for each problem', () => {
    const { menu } = trayModel(sampleSnapshot({ problems: [sampleProblem('capturePermission')] }), context);
    expect(menu).toContainEqual({
      type: 'submenu',
      label: 'This program is not allowed to record the screen',
      entries: [
        { type: 'text', label: 'Allow screen recording in the system settings, then restart this program.' },
        { type: 'action', label: 'Open system settings', action: 'openScreenSettings' },
      ],
    });
  });

  it('leaves out what policy switched off', () => {
    const { menu } = trayModel(sampleSnapshot(), { ...context, allowQuit: false, autoStart: { isOn: false, isChangeable: false } });
    expect(labels(menu)).not.toContain('Quit');
    expect(menu).toContainEqual(expect.objectContaining({ action: 'toggleAutoStart', isChecked: false, isEnabled: false }));
  });

  it('says so when it is the demo', () => {
    const { menu, tooltip } = trayModel(sampleSnapshot({ isDemo: true }), context);
    expect([labels(menu)[0], tooltip]).toEqual(['DEMO', expect.stringContaining('DEMO')]);
  });
});

it.each(TRAY_STATES.flatMap((state) => (['linux', 'darwin', 'win32'] as const).map((platform) => [state, platform] as const)))(
  'there is an icon for %s on %s',
  (state, platform) => {
    const file = join(resolve('assets/tray'), trayIconFile(state, platform));
    expect(existsSync(file)).toBe(true);
    if (platform !== 'win32') expect(existsSync(file.replace('.png', '@2x.png'))).toBe(true);
  },
);
