import { windowsWriters } from '../../../src/config/windows-access';

describe('windowsWriters', () => {
  it.each([
    ['administrators and SYSTEM', 'O:BAG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)', undefined],
    ['what ProgramData lets users do', 'O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;CIID;DCLCRPCR;;;BU)(A;ID;0x1200a9;;;BU)', 'BU'],
    ['a file that a user owns', 'O:S-1-5-21-1-2-3-1001G:DUD:AI(A;ID;FA;;;BA)', 'S-1-5-21-1-2-3-1001'],
    ['everybody may change it', 'O:BAG:SYD:(A;;0x1301bf;;;WD)', 'WD'],
    ['what a creator gets of files made inside', 'O:BAG:SYD:(A;OICIIO;GA;;;CO)(A;OICI;GR;;;BU)', undefined],
    ['who is denied', 'O:SYG:SYD:(D;;FA;;;BU)(A;;FA;;;BA)', undefined],
    ['nothing is known', undefined, undefined],
  ])('%s', (_what, sddl, who) => {
    const text = windowsWriters(sddl);
    if (who === undefined) expect(text).toBeUndefined();
    else expect(text).toContain(who);
  });
});
