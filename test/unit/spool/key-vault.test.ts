import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../../src/lib/logger';
import { createSpoolKeyVault } from '../../../src/spool/key-vault';
import type { SpoolKeyVault } from '../../../src/spool/ports';
import { createRecordingKey, unwrapRecordingKey } from '../../../src/spool/recording-key';
import { FakeKeychain } from '../../fakes/fake-keychain';
import { FakeProblems } from '../../fakes/fake-problems';

describe('the key vault', () => {
  let directory: string;
  let keychain: FakeKeychain;
  let problems: FakeProblems;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-vault-'));
    keychain = new FakeKeychain();
    problems = new FakeProblems();
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** As a newly started process sees it. */
  const open = (fallback: 'file' | 'refuse' = 'file'): SpoolKeyVault =>
    createSpoolKeyVault({ keychain, fallback, directory, problems, log: silentLogger });
  const keyFile = (): string => join(directory, 'spool-key');

  it('makes a key in the keychain, once, and writes no file', async () => {
    const first = await open().key();
    expect(first).toHaveLength(32);
    expect(Buffer.from(await open().key())).toEqual(Buffer.from(first));
    await expect(stat(keyFile())).rejects.toThrow('ENOENT');
    expect(problems.raised.size).toBe(0);
  });

  it('without a keychain: an owner-only file, and a shown problem', async () => {
    keychain.isReachable = false;
    const vault = open();
    const key = await vault.key();
    expect(vault.isFallback).toBe(true);
    expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
    expect(problems.raised.has('recordingKeyInFile')).toBe(true);
    expect(Buffer.from(await open().key())).toEqual(Buffer.from(key));
  });

  it('without a keychain, and with "refuse": no key, a shown problem, and another try later', async () => {
    keychain.isReachable = false;
    const vault = open('refuse');
    await expect(vault.key()).rejects.toMatchObject({ failure: 'noKey', message: expect.stringContaining('keychain') });
    expect(problems.raised.has('noRecordingKey')).toBe(true);
    await expect(stat(keyFile())).rejects.toThrow('ENOENT');
    keychain.isReachable = true;
    expect(await vault.key()).toHaveLength(32);
    expect(problems.raised.has('noRecordingKey')).toBe(false);
  });

  it('moves the file’s key into a keychain that comes back empty', async () => {
    keychain.isReachable = false;
    const key = await open().key();
    keychain.isReachable = true;
    const vault = open();
    expect(Buffer.from(await vault.key())).toEqual(Buffer.from(key));
    expect(vault.isFallback).toBe(false);
    await expect(readFile(keyFile())).rejects.toThrow('ENOENT');
  });

  it('opens recordings of both keys when the keychain was away for a while', async () => {
    const before = await createRecordingKey(open(), true);
    keychain.isReachable = false;
    const away = open();
    const meanwhile = await createRecordingKey(away, true);
    await expect(unwrapRecordingKey(away, before.wrapped)).rejects.toMatchObject({ failure: 'noKey' });
    keychain.isReachable = true;
    const after = open();
    expect(Buffer.from((await unwrapRecordingKey(after, before.wrapped)) ?? [])).toEqual(before.key);
    expect(Buffer.from((await unwrapRecordingKey(after, meanwhile.wrapped)) ?? [])).toEqual(meanwhile.key);
  });
});
