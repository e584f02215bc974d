import { AS_OTHER_USER, OTHER_USER } from './other-user';

/** Who runs a program of a test. */
export interface Account {
  readonly name: string;
  /** What a command line begins with so that it runs as this account. */
  readonly via: readonly string[];
  /** What is made for it is given to it; absent: whoever runs the tests. */
  readonly uid?: number;
  /** Chromium refuses its sandbox to root. */
  readonly hasSandbox: boolean;
}

const isRoot = process.getuid?.() === 0;

export const THIS_ACCOUNT: Account = {
  name: isRoot ? 'root, without the sandbox' : 'the user, in the sandbox',
  via: [],
  hasSandbox: !isRoot,
};

/** What the desktop is for. Root itself should not be its user, but demonstrations on servers are run so. */
export const ORDINARY_ACCOUNT: Account = isRoot
  ? { name: 'an ordinary user, in the sandbox', via: ['setpriv', ...AS_OTHER_USER], uid: OTHER_USER, hasSandbox: true }
  : THIS_ACCOUNT;
