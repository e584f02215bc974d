import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portStep } from '../../../src/diagnostics/port-step';
import { canBeOtherUser, holdPort } from '../../support/other-user';

describe("the doctor's look at a port that is taken", () => {
  let dataDirectory: string;
  beforeEach(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'srs-port-'));
  });
  afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

  it('names the program of this user with its number', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const step = await portStep('http', { enabled: true, port }, { dataDirectory });
      expect(JSON.stringify(step)).toMatch(new RegExp(`another program of this user \\([^()]+, process ${process.pid}\\)`));
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('names another user, and the program where it may be seen', async () => {
    const { port, processId, release } = await holdPort();
    try {
      const step = JSON.stringify(await portStep('http', { enabled: true, port }, { dataDirectory }));
      expect(step).toContain(canBeOtherUser ? 'another user of this computer, nobody (' : 'another program of this user (');
      expect(step).toContain(`process ${processId})`);
    } finally {
      await release();
    }
  });
});
