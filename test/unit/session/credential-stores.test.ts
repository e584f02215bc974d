import { Secret } from '../../../src/lib/secret';
import { KeychainCredentialStore } from '../../../src/session/keychain-credential-store';
import { MemoryCredentialStore } from '../../../src/session/memory-credential-store';
import type { CredentialStore, StoredSession } from '../../../src/session/ports';
import { FakeCredentialStore } from '../../fakes/fake-credential-store';
import { FakeKeychain } from '../../fakes/fake-keychain';

const session = (userName: string): StoredSession => ({
  credentials: { userName, password: new Secret('pässword') },
  servers: { primary: 'https://one.example', peer: 'https://two.example' },
  details: { place: 'P1', devices: [{ dn: '7001', switch: 'SIP' }] },
});

/** What every credential store promises; the real keychain is in test/integration/session. */
describe.each<readonly [string, () => CredentialStore]>([
  ['KeychainCredentialStore', () => new KeychainCredentialStore(new FakeKeychain())],
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
    const store = new KeychainCredentialStore(keychain);
    await store.save(session('ann'));
    const [account = ''] = keychain.entries.keys();
    expect(account).not.toContain('ann');
    await keychain.set(account, new Secret('{"userName":1}'));
    expect(await store.load()).toBeUndefined();
  });

  it('says keychain when there is none', async () => {
    const keychain = new FakeKeychain();
    keychain.isReachable = false;
    await expect(new KeychainCredentialStore(keychain).load()).rejects.toMatchObject({ code: 'keychain' });
  });
});
