import { lookUpLoopbackAccess } from '../../../src/desktop-client';

type Scope = NonNullable<Parameters<typeof lookUpLoopbackAccess>[0]>;

function browser(permissions: Readonly<Record<string, string>>, rest: Partial<Scope> = {}): Scope {
  const query = async ({ name }: { name: string }): Promise<{ state: string }> => {
    const state = permissions[name];
    if (state === undefined) throw new TypeError(`'${name}' is not a valid enum value of type PermissionName`);
    return { state };
  };
  const window = {};
  return { isSecureContext: true, self: window, top: window, navigator: { permissions: { query } }, ...rest };
}

describe('lookUpLoopbackAccess', () => {
  test.each([
    ['outside a browser', {}, 'notAsked', /does not ask/],
    ['a browser without the permission', browser({}), 'notAsked', /does not ask/],
    ['a browser that has no permissions at all', { navigator: {} }, 'notAsked', /does not ask/],
    ['not decided yet', browser({ 'loopback-network': 'prompt' }), 'prompt', /is going to ask/],
    ['allowed', browser({ 'loopback-network': 'granted' }), 'granted', /may reach/],
    ['refused', browser({ 'loopback-network': 'denied' }), 'denied', /site settings/],
    ['the older name', browser({ 'local-network-access': 'prompt' }), 'prompt', /is going to ask/],
    ['both names: the newer counts', browser({ 'loopback-network': 'granted', 'local-network-access': 'denied' }), 'granted', /may reach/],
    ['a page without https', browser({ 'loopback-network': 'denied' }, { isSecureContext: false }), 'insecurePage', /over https/],
    [
      'a page without https that a policy admits',
      browser({ 'loopback-network': 'granted' }, { isSecureContext: false }),
      'granted',
      /may reach/,
    ],
    ['refused in a frame', browser({ 'loopback-network': 'denied' }, { top: {} }), 'denied', /<iframe allow="loopback-network/],
  ])('%s', async (_what, scope, state, explanation) => {
    expect(await lookUpLoopbackAccess(scope)).toEqual({ state, explanation: expect.stringMatching(explanation) });
  });
});
