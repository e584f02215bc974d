/**
 * Local Network Access: current browsers ask the user before a page may reach 127.0.0.1. No header answers that; the user or a policy does.
 * https://wicg.github.io/local-network-access/ ; policies: docs/agent-desktops.md.
 */
export interface LoopbackAccess {
  /** `notAsked`: this browser has no such permission (or this is no browser). `insecurePage`: a page without TLS cannot even ask. */
  readonly state: 'granted' | 'prompt' | 'denied' | 'insecurePage' | 'notAsked';
  /** One or two sentences for the agent. */
  readonly explanation: string;
}

/** Chrome and Edge 145 split the older name in two. */
const PERMISSION_NAMES = ['loopback-network', 'local-network-access'] as const;

const EXPLANATIONS: Readonly<Record<LoopbackAccess['state'], string>> = {
  granted: 'This page may reach the Screen Recording Service on this computer.',
  prompt:
    'The browser is going to ask whether this page may reach apps and services on this device. Please allow it: without it, screen recording cannot start.',
  denied:
    'The browser does not let this page reach the Screen Recording Service on this computer. Open the site settings (the icon left of the address), allow "Apps on device" or "Local network access", and try again; or ask your administrator to allow it for this site.',
  insecurePage:
    'This page was loaded without https, so the browser does not let it reach the Screen Recording Service on this computer. Ask your administrator to serve the page over https.',
  notAsked: 'This browser does not ask before a page reaches the Screen Recording Service on this computer.',
};
const DENIED_IN_FRAME =
  ' This page is shown inside another one, which must pass the permission on: <iframe allow="loopback-network; local-network-access">.';

interface BrowserScope {
  readonly isSecureContext?: boolean;
  readonly self?: unknown;
  readonly top?: unknown;
  readonly navigator?: { readonly permissions?: { query(descriptor: { name: string }): Promise<{ readonly state: string }> } };
}

export async function lookUpLoopbackAccess(scope: BrowserScope = globalThis as BrowserScope): Promise<LoopbackAccess> {
  const state = await queryState(scope);
  const isFramed = state === 'denied' && scope.top !== undefined && scope.top !== scope.self;
  return { state, explanation: EXPLANATIONS[state] + (isFramed ? DENIED_IN_FRAME : '') };
}

async function queryState(scope: BrowserScope): Promise<LoopbackAccess['state']> {
  const permissions = scope.navigator?.permissions;
  for (const name of permissions === undefined ? [] : PERMISSION_NAMES) {
    try {
      const { state } = (await permissions?.query({ name })) ?? {};
      if (scope.isSecureContext === false && state !== 'granted') return 'insecurePage';
      if (state === 'granted' || state === 'prompt' || state === 'denied') return state;
    } catch {
      // A name this browser does not know is a TypeError: try the next.
    }
  }
  return 'notAsked';
}
