import { createServer, type AddressInfo } from 'node:net';
import { ProcConnectionOwners } from '../../../src/lib/proc-connection-owners';
import { holdPort } from '../../support/other-user';

describe('the process that listens on a port', () => {
  it('is named with its number where this user may look into it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const holder = await new ProcConnectionOwners({ uid: process.geteuid?.() ?? 0 }).holderOf((server.address() as AddressInfo).port);
      expect(holder).toEqual({ owner: { relation: 'sameUser' }, process: { id: process.pid, name: expect.stringMatching(/\S/) } });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("is looked for among other users' processes too", async () => {
    const { port, processId, release } = await holdPort();
    try {
      const holder = await new ProcConnectionOwners({ uid: process.geteuid?.() ?? 0 }).holderOf(port);
      expect(holder?.process).toMatchObject({ id: processId });
    } finally {
      await release();
    }
  });
});
