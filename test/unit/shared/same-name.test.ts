import { isSameRecordingId, isSameUserName } from '../../../src/shared/same-name';

const GUID = '1b4e28ba-2fa1-11d2-883f-0016d3cca427';

describe('names that are the same', () => {
  it.each([
    ['anna', 'Anna', true],
    ['ANNA@EXAMPLE.COM', 'anna@example.com', true],
    ['zoë', 'ZOË', true],
    ['zoë', 'zoe\u0308', true],
    ['anna', 'anne', false],
    ['anna', 'anna ', false],
    ['zoë', 'zoe', false],
  ])('of users: %j and %j: %s', (one, other, isSame) =>
    expect([isSameUserName(one, other), isSameUserName(other, one)]).toEqual([isSame, isSame]),
  );

  it.each([
    [GUID, GUID.toUpperCase(), true],
    [`{${GUID}}`, `{${GUID.toUpperCase()}}`, true],
    [GUID.replaceAll('-', ''), GUID.replaceAll('-', '').toUpperCase(), true],
    ['00TDHL2AMO8V9FOB4S8LI2LAES00000A', '00tdhl2amo8v9fob4s8li2laes00000a', true],
    ['rec-1', 'rec-1', true],
    ['rec-a', 'rec-A', false],
    [GUID, GUID.replace('1b', '2b'), false],
    ['', '', true],
  ])('of recordings: %j and %j: %s', (one, other, isSame) =>
    expect([isSameRecordingId(one, other), isSameRecordingId(other, one)]).toEqual([isSame, isSame]),
  );
});
