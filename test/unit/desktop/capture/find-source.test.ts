import { findSource, monitorSourceId } from '../../../../src/desktop/capture/find-source';

const source = (id: string, display_id: string) => ({ id, display_id });

/** As Electron lists them on an X server with one output (its display is 60) that `xrandr --setmonitor` divided in two. */
const HALVES = [source('screen:498:0', '60'), source('screen:94:0', '')];

describe('the source of a display', () => {
  it.each([
    ['a monitor of the X server', HALVES, monitorSourceId(94), 'screen:94:0'],
    ['the monitor that Electron takes for its whole output', HALVES, monitorSourceId(498), 'screen:498:0'],
    ['a display of Electron', [source('screen:0:0', '11'), source('screen:1:0', '12')], '12', 'screen:1:0'],
    ['the only source where the system names no displays', [source('screen:5:0', '')], '60', 'screen:5:0'],
  ])('is found: %s', (_name, sources, selected, expected) => {
    expect(findSource(sources, selected)?.id).toBe(expected);
  });

  it.each([
    ['a monitor that is gone', HALVES, monitorSourceId(7)],
    ['a monitor that is gone, another one left', [source('screen:498:0', '60')], monitorSourceId(94)],
    ['a display that is gone, another one left', [source('screen:1:0', '12')], '11'],
    ['nothing at all', [], '11'],
    ['one of several that have no name', [source('screen:5:0', ''), source('screen:6:0', '')], '60'],
  ])('is never another one: %s', (_name, sources, selected) => {
    expect(findSource(sources, selected)).toBeUndefined();
  });
});
