import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeKeychain } from '../../src/keychain/create-keychain';
import { DirectoryKeychain } from '../../src/lib/directory-keychain';
import { KeychainCredentialStore } from '../../src/session/keychain-credential-store';
import { createSessionUnderTest, loginTo } from './session-under-test';

export type SessionVictimTask = 'login' | 'resume';

/**
 * A process with an agent session on the real keychain, to be killed: `login URL` signs ann in, `resume` starts from the keychain alone.
 * Its data directory is the folder `data` beside it, its worker `keychain-worker.js`. Says on stdout what its session does; `logout` on stdin signs out.
 */
async function main([task, server]: readonly string[]): Promise<void> {
  const { runner, store } = createSessionUnderTest({ store: createStore() });
  const say = (word: string): void => void process.stdout.write(`${word}\n`);
  runner.onState(({ status }) => say(status));
  // The process lasts until it is killed or its parent closes its input.
  process.stdin.on('data', () => {
    const session = runner.current();
    if (session !== undefined) void runner.logout(session.sessionId);
  });
  process.stdin.once('end', () => process.exit(0));
  await runner.start();
  say('started');
  if (task === 'login' && server !== undefined) {
    await runner.login(loginTo(server));
    while ((await store.load()) === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    say('kept');
  }
}

function createStore(): KeychainCredentialStore {
  const directory = join(__dirname, 'data');
  mkdirSync(directory, { recursive: true });
  const keychain = new DirectoryKeychain(createNodeKeychain(__dirname), directory);
  return new KeychainCredentialStore({ keychain, forgottenFile: join(directory, 'session-forgotten') });
}

void main(process.argv.slice(2));
