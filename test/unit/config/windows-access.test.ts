import { windowsWriters } from '../../../src/config/windows-access';

type Row = readonly [string, string, string | undefined];

const BOTH: readonly Row[] = [
  ['administrators and SYSTEM', 'O:BAG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)', undefined],
  ['a user owns it', 'O:S-1-5-21-1-2-3-1001G:DUD:AI(A;ID;FA;;;BA)', 'S-1-5-21-1-2-3-1001'],
  ['everybody may change it', 'O:BAG:SYD:(A;;0x1301bf;;;WD)', 'WD'],
  ['some may change it under a condition', 'O:BAG:SYD:(XA;;FA;;;BU;(Member_of {SID(BA)}))', 'BU'],
  ['what a creator gets of files made inside', 'O:BAG:SYD:(A;OICIIO;GA;;;CO)(A;OICI;GR;;;BU)', undefined],
  ['what others get of files made inside, in any order', 'O:BAG:SYD:(A;CIIOOI;GA;;;BU)', undefined],
  ['what is inherited further, and holds here', 'O:BAG:SYD:(A;CIOI;GA;;;BU)', 'BU'],
  ['who is denied', 'O:SYG:SYD:(D;;FA;;;BU)(A;;FA;;;BA)', undefined],
  ['nobody is let in', 'O:SYG:SYD:PAI', undefined],
  ['no list of rights', 'O:BAG:SYD:NO_ACCESS_CONTROL', 'everybody'],
  ['no word of rights', 'O:BAG:SY', 'everybody'],
  ['no owner', 'D:(A;;FA;;;BA)', 'nobody'],
];
const ADDS = 'O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;CIID;DCLCRPCR;;;BU)(A;ID;0x1200a9;;;BU)';
const REMOVES = 'O:BAG:SYD:AI(A;ID;FA;;;BA)(A;ID;DT;;;BU)';

describe('windowsWriters', () => {
  it.each<Row>([...BOTH, ['what ProgramData lets users do', ADDS, 'BU']])('of a file: %s', (_what, sddl, who) => {
    expectWriter(windowsWriters(sddl, 'file'), who);
  });

  it.each<Row>([
    ...BOTH,
    ['what ProgramData lets users do', ADDS, undefined],
    ['who may remove files', REMOVES, 'BU'],
    ['who may remove files, as bits', REMOVES.replace('DT', '0x1200e9'), 'BU'],
  ])('of a folder: %s', (_what, sddl, who) => {
    expectWriter(windowsWriters(sddl, 'folder'), who);
  });
});

function expectWriter(text: string | undefined, who: string | undefined): void {
  if (who === undefined) expect(text).toBeUndefined();
  else expect(text).toContain(who);
}
