import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { browserArguments, findChromium } from '../../../src/headless/find-chromium';
import { giveTo, type LinuxDesktop } from './linux-desktop';

/** The agent's browser: run by the desktop's account, since the service answers nobody else. Without a window. */
export async function startAgentBrowser({ account, environment, home }: LinuxDesktop): Promise<BrowserContext> {
  const profile = join(home, 'browser');
  await mkdir(profile, { recursive: true });
  await giveTo(account, profile);
  const program = join(home, 'agent-browser');
  await writeFile(program, `#!/bin/sh\ncd /\nexec ${[...account.via, await findChromium()].join(' ')} "$@"\n`, { mode: 0o755 });
  return chromium.launchPersistentContext(profile, {
    executablePath: program,
    args: browserArguments(),
    env: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value ?? ''])),
  });
}
