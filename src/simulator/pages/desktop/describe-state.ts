import type { ClientState, SignedInUser } from '../../../desktop-client';

export interface StateView {
  readonly line: string;
  readonly details: string;
  readonly notice?: string;
  readonly error?: string;
  readonly canLogIn: boolean;
  readonly canLogOut: boolean;
}

const SIGNED_OUT = { details: '', canLogIn: true, canLogOut: false };
const BUSY = { details: '', canLogIn: false, canLogOut: false };

/** What the page shows of a state. */
export function describeState(state: ClientState): StateView {
  switch (state.status) {
    case 'signedOut':
      return { ...SIGNED_OUT, line: 'signed out' };
    case 'signingIn':
      return { ...BUSY, line: 'signing in…', ...(state.access?.state === 'prompt' ? { notice: state.access.explanation } : {}) };
    case 'signedIn':
      return {
        line: `signed in as ${fullName(state.user)}`,
        details: state.lastPoll === undefined ? '' : `Last poll ${state.lastPoll.toLocaleTimeString()}`,
        canLogIn: false,
        canLogOut: true,
      };
    case 'reconnecting':
      return {
        line: 'reconnecting…',
        details: `Since ${state.since.toLocaleTimeString()}`,
        error: state.error.message,
        canLogIn: true,
        canLogOut: true,
      };
    case 'signingOut':
      return { ...BUSY, line: 'signing out…' };
    case 'failed':
      return { ...SIGNED_OUT, line: 'not signed in', error: `${state.error.message}` };
  }
}

function fullName({ userName, firstName, lastName }: SignedInUser): string {
  const name = [firstName, lastName].filter((part) => part !== undefined && part !== '').join(' ');
  return name === '' ? userName : `${name} (${userName})`;
}
