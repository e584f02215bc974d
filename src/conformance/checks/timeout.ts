import type { Check } from '../check';
import { expectError, expectStatus } from '../expect';

/** How much later than promised a session may end. */
const MARGIN_MS = 3_000;

/** @param seconds the server's `pingTimeoutSeconds`; 60 as documented */
export function timeoutCheck(seconds: number): Check {
  return {
    id: 'ping.timeout',
    claim: `a session whose desktop polled and then stopped is over after ${seconds} s: the next poll answers 401, 20`,
    rule: 'documented',
    async run(caller) {
      await caller.beSignedOut();
      await caller.logIn();
      expectStatus(await caller.ping(), 200);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000 + MARGIN_MS));
      expectError(await caller.ping(), 401, 20);
    },
  };
}
