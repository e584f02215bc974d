import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryKeychain } from '../../../src/lib/directory-keychain';
import { Secret } from '../../../src/lib/secret';
import { KeychainCredentialStore } from '../../../src/session/keychain-credential-store';
import { MemoryCredentialStore } from '../../../src/session/memory-credential-store';
import type { CredentialStore, StoredLogin } from '../../../src/session/ports';
import { FakeCredentialStore } from '../../fakes/fake-credential-store';
import { FakeKeychain } from '../../fakes/fake-keychain';
import { until } from '../../support/until';

const session = (userName: string): StoredLogin => ({
  credentials: { userName, password: new Secret('pässword') },
  servers: { primary: 'https://one.example', peer: 'https://two.example' },
  details: { place: 'P1', devices: [{ dn: '7001', switch: 'SIP' }] },
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'srs-credentials-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const onKeychain = (keychain: FakeKeychain, formerKeychain?: FakeKeychain): KeychainCredentialStore =>
  new KeychainCredentialStore({
    keychain,
    forgottenFile: join(directory, 'session-forgotten'),
    ...(formerKeychain === undefined ? {} : { formerKeychain }),
  });

/** What every credential store promises; the real keychain is in test/integration/session. */
describe.each<readonly [string, () => CredentialStore]>([
  ['KeychainCredentialStore', () => onKeychain(new FakeKeychain())],
  ['MemoryCredentialStore', () => new MemoryCredentialStore()],
  ['FakeCredentialStore', () => new FakeCredentialStore()],
])('%s', (_name, create) => {
  it('holds nothing at first, at most one, and nothing after clear', async () => {
    const store = create();
    expect(await store.load()).toBeUndefined();
    await store.clear();
    await store.save(session('ann'));
    await store.save(session('bob'));
    const loaded = await store.load();
    expect(loaded).toEqual(session('bob'));
    await store.save({ ...session('bob'), hasPolled: true });
    expect(await store.load()).toEqual({ ...session('bob'), hasPolled: true });
    expect(loaded?.credentials.password.reveal()).toBe('pässword');
    await store.clear();
    expect(await store.load()).toBeUndefined();
  });
});

describe('KeychainCredentialStore', () => {
  it('names nobody outside the secret, and counts what it cannot read as none', async () => {
    const keychain = new FakeKeychain();
    const store = onKeychain(keychain);
    await store.save(session('ann'));
    const [account = ''] = keychain.entries.keys();
    expect(account).not.toContain('ann');
    await keychain.set(account, new Secret('{"userName":1}'));
    expect(await store.load()).toBeUndefined();
  });

  it('says keychain when there is none', async () => {
    const keychain = new FakeKeychain();
    keychain.isReachable = false;
    await expect(onKeychain(keychain).load()).rejects.toMatchObject({ code: 'keychain' });
  });
});

describe('an entry that is to be forgotten', () => {
  /** Every way a logout can miss the keychain, and a new process that meets it again. */
  it('is not loaded by a later run when the keychain was away at the logout, and is removed then', async () => {
    const keychain = new FakeKeychain();
    await onKeychain(keychain).save(session('ann'));
    keychain.isReachable = false;
    await expect(onKeychain(keychain).clear()).rejects.toMatchObject({ code: 'keychain' });
    keychain.isReachable = true;
    expect(await onKeychain(keychain).load()).toBeUndefined();
    expect(keychain.entries.size).toBe(0);
  });

  it('is not loaded when the program was killed while the keychain did not answer', async () => {
    const keychain = new FakeKeychain();
    await onKeychain(keychain).save(session('ann'));
    keychain.hangs = new Promise(() => undefined);
    void onKeychain(keychain).clear();
    await until('the note on disk', async () => (await readdir(directory)).includes('session-forgotten'));
    keychain.hangs = undefined;
    expect(await onKeychain(keychain).load()).toBeUndefined();
  });

  it('gives way to the next agent’s', async () => {
    const keychain = new FakeKeychain();
    const store = onKeychain(keychain);
    await store.save(session('ann'));
    await store.clear();
    await store.save(session('bob'));
    expect(await readdir(directory)).toEqual([]);
    expect((await onKeychain(keychain).load())?.credentials.userName).toBe('bob');
  });
});

describe('an entry of before names carried the data directory', () => {
  it('is taken over once by who is given it, and by nobody else', async () => {
    const system = new FakeKeychain();
    await onKeychain(system).save(session('ann'));
    const other = await mkdtemp(join(directory, 'other-'));
    const own = await mkdtemp(join(directory, 'own-'));
    const at = (folder: string, former?: FakeKeychain) =>
      new KeychainCredentialStore({
        keychain: new DirectoryKeychain(system, folder),
        forgottenFile: join(folder, 'session-forgotten'),
        ...(former === undefined ? {} : { formerKeychain: former }),
      });
    expect(await at(other).load()).toBeUndefined();
    expect((await at(own, system).load())?.credentials.userName).toBe('ann');
    expect([...system.entries.keys()]).toEqual([expect.stringMatching(/^agent-session:[0-9a-f]{16}$/)]);
    expect((await at(own, system).load())?.credentials.userName).toBe('ann');
    expect(await at(other, system).load()).toBeUndefined();
  });

  it.each(['save', 'clear'] as const)('goes with %s', async (what) => {
    const system = new FakeKeychain();
    await onKeychain(system).save(session('ann'));
    const store = onKeychain(new FakeKeychain(), system);
    await (what === 'save' ? store.save(session('bob')) : store.clear());
    expect(system.entries.size).toBe(0);
  });
});
