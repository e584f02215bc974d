import type { Check } from '../check';
import { expect, expectStatus, jsonOf } from '../expect';

export const versionChecks: readonly Check[] = [
  {
    id: 'version.answer',
    claim: 'GET /version answers 200 and {"version":"…"} without credentials and Origin',
    rule: 'documented',
    async run(caller) {
      const answer = await caller.call({ path: '/version', headers: { Origin: null } });
      expectStatus(answer, 200);
      const { version } = jsonOf(answer) as { version?: unknown };
      expect(typeof version === 'string' && /^\d+(\.\d+)+$/.test(version), `The version is ${JSON.stringify(version)}`);
    },
  },
  {
    id: 'version.head',
    claim: 'HEAD /version answers as GET, without a body',
    rule: 'ours',
    async run(caller) {
      const answer = await caller.call({ method: 'HEAD', path: '/version' });
      expectStatus(answer, 200);
      expect(answer.text === '', 'There is a body');
    },
  },
];
