import { chmod, link, lstat, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryKeychain } from '../../../../src/lib/directory-keychain';
import { silentLogger } from '../../../../src/lib/logger';
import { createSpoolKeyVault } from '../../../../src/spool/sealed/key-vault';
import type { SpoolKeyVault } from '../../../../src/spool/ports';
import { createRecordingKey, unwrapRecordingKey } from '../../../../src/spool/sealed/recording-key';
import { FakeKeychain } from '../../../fakes/fake-keychain';
import { FakeProblems } from '../../../fakes/fake-problems';
import { until } from '../../../support/until';

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

  it('never makes the file’s key the keychain’s own, but keeps it there to open what it sealed', async () => {
    keychain.isReachable = false;
    const sealedByFile = await createRecordingKey(open(), true);
    const planted = await readFile(keyFile(), 'utf8');
    keychain.isReachable = true;
    const vault = open();
    expect(Buffer.from(await vault.key()).toString('base64')).not.toBe(planted.trim());
    expect(vault.isFallback).toBe(false);
    await expect(readFile(keyFile())).rejects.toThrow('ENOENT');
    expect(Buffer.from((await unwrapRecordingKey(open(), sealedByFile.wrapped)) ?? [])).toEqual(sealedByFile.key);
  });

  describe('a key file that somebody else may have written', () => {
    const plantedKey = Buffer.alloc(32, 7);
    const plant: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
      'readable by others': (path) => writeFile(path, plantedKey.toString('base64')).then(() => chmod(path, 0o644)),
      'writable by others': (path) => writeFile(path, plantedKey.toString('base64')).then(() => chmod(path, 0o622)),
      'a link to a file': async (path) => {
        await writeFile(`${path}-elsewhere`, plantedKey.toString('base64'), { mode: 0o600 });
        await symlink(`${path}-elsewhere`, path);
      },
      'a second name of a file': async (path) => {
        await writeFile(`${path}-elsewhere`, plantedKey.toString('base64'), { mode: 0o600 });
        await link(`${path}-elsewhere`, path);
      },
      'a folder': (path) => mkdir(path),
      'no key at all': (path) => writeFile(path, 'nonsense', { mode: 0o600 }),
    };

    it.each(Object.keys(plant))('%s: seals nothing, with a keychain or without', async (name) => {
      await plant[name]?.(keyFile());
      keychain.isReachable = false;
      const away = open();
      expect(Buffer.from(await away.key())).not.toEqual(plantedKey);
      expect((await lstat(keyFile())).mode & 0o777).toBe(0o600);
      keychain.isReachable = true;
      expect(Buffer.from(await open().key())).not.toEqual(plantedKey);
      const entries = await keychain.list('spool-key');
      expect([...entries.values()].map((entry) => entry.reveal())).not.toContain(plantedKey.toString('base64'));
    });

    it('still opens what it sealed: a restored backup may have lost the owner-only mode', async () => {
      keychain.isReachable = false;
      const before = await createRecordingKey(open(), true);
      await chmod(keyFile(), 0o644);
      const after = open();
      await after.key();
      expect(Buffer.from((await unwrapRecordingKey(after, before.wrapped)) ?? [])).toEqual(before.key);
      expect(Buffer.from((await unwrapRecordingKey(open(), before.wrapped)) ?? [])).toEqual(before.key);
    });
  });

  it('goes over to a keychain that is unlocked later, without a restart', async () => {
    keychain.isReachable = false;
    const vault = open();
    const meanwhile = await createRecordingKey(vault, true);
    keychain.unlock();
    await until('the keychain’s key', () => !vault.isFallback);
    expect(problems.raised.size).toBe(0);
    expect([...keychain.entries.keys()]).toEqual(['spool-key', expect.stringContaining('spool-key-of-file-')]);
    expect(Buffer.from((await unwrapRecordingKey(vault, meanwhile.wrapped)) ?? [])).toEqual(meanwhile.key);
  });

  it('clears the problem of a key that policy refused when the keychain is unlocked', async () => {
    keychain.isReachable = false;
    await expect(open('refuse').key()).rejects.toMatchObject({ failure: 'noKey' });
    keychain.unlock();
    await until('the problem to be gone', () => problems.raised.size === 0);
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

  /** One keychain, several data directories: earlier versions had one entry for all of them, and folders are moved. */
  describe('of a data directory', () => {
    const vaultOf = (folder: string): SpoolKeyVault =>
      createSpoolKeyVault({
        keychain: new DirectoryKeychain(keychain, folder),
        fallback: 'file',
        directory: folder,
        problems,
        log: silentLogger,
      });
    const makeFolder = (name: string): Promise<string> => mkdtemp(join(directory, name));

    it('has a key of its own, however the directory is spelled', async () => {
      const [one, two] = [await makeFolder('one-'), await makeFolder('two-')];
      const key = Buffer.from(await vaultOf(one).key());
      await symlink(one, join(directory, 'link'));
      expect(Buffer.from(await vaultOf(`${one}/`).key())).toEqual(key);
      expect(Buffer.from(await vaultOf(join(directory, 'link')).key())).toEqual(key);
      expect(Buffer.from(await vaultOf(two).key())).not.toEqual(key);
    });

    it('opens what an earlier version sealed, and seals nothing with its key', async () => {
      const former = open();
      const sealed = await createRecordingKey(former, true);
      const vault = vaultOf(await makeFolder('own-'));
      expect(Buffer.from(await vault.key())).not.toEqual(Buffer.from(await former.key()));
      expect(Buffer.from((await unwrapRecordingKey(vault, sealed.wrapped)) ?? [])).toEqual(sealed.key);
    });

    it('opens what was sealed before the folder was moved', async () => {
      const folder = await makeFolder('before-');
      const sealed = await createRecordingKey(vaultOf(folder), true);
      await rename(folder, join(directory, 'after'));
      expect(Buffer.from((await unwrapRecordingKey(vaultOf(join(directory, 'after')), sealed.wrapped)) ?? [])).toEqual(sealed.key);
    });
  });
});
