import { asksTheCompositor, isWaylandSession } from '../../../src/x11/wayland';

it.each([
  [{}, false, false],
  [{ DISPLAY: ':0' }, false, false],
  [{ XDG_SESSION_TYPE: 'x11', DISPLAY: ':0' }, false, false],
  [{ XDG_SESSION_TYPE: 'x11', WAYLAND_DISPLAY: '' }, false, false],
  [{ XDG_SESSION_TYPE: 'tty' }, false, false],
  [{ WAYLAND_DISPLAY: 'wayland-0' }, true, false],
  [{ XDG_SESSION_TYPE: 'wayland' }, true, false],
  [{ XDG_SESSION_TYPE: 'x11', WAYLAND_DISPLAY: 'wayland-0' }, true, false],
  [{ XDG_SESSION_TYPE: 'wayland', WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, true, true],
])('%j: a Wayland session: %s; the compositor is asked: %s', (env, isWayland, asks) => {
  expect([isWaylandSession(env), asksTheCompositor(env)]).toEqual([isWayland, asks]);
});
