import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { trustAuthority } from '../../src/certificate/trust-store';
import { browserArguments, findChromium } from '../../src/headless/find-chromium';
import { issueLoopbackCertificate } from '../support/loopback-certificate';

describe('a browser of a user who ran "srs certificate trust"', () => {
  let home: string;
  let server: Server;
  let address: string;
  let authorityFile: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'srs-trust-'));
    const { key, cert, ca } = await issueLoopbackCertificate();
    authorityFile = join(home, 'ca.pem');
    await writeFile(authorityFile, ca);
    server = createServer({ key, cert }, (_request, response) => response.end('served'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  async function open(): Promise<string> {
    const env = { ...process.env, HOME: home, XDG_DATA_HOME: '' };
    const browser = await chromium.launch({ executablePath: await findChromium(), args: browserArguments(), env });
    try {
      const page = await browser.newPage();
      await page.goto(address);
      return (await page.textContent('body')) ?? '';
    } finally {
      await browser.close();
    }
  }

  it('accepts the https address, and did not before', async () => {
    await expect(open()).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/);
    await trustAuthority({ platform: 'linux', homeDirectory: home, authorityFile, name: 'Test authority' }, { PATH: '/usr/bin:/bin' });
    await expect(open()).resolves.toBe('served');
  });
});
