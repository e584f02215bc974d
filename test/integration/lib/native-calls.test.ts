import { NativeCalls } from '../../../src/lib/native-calls';

const LIBRARY = { win32: 'msvcrt.dll', darwin: '/usr/lib/libSystem.dylib', linux: 'libc.so.6' }[process.platform as string] ?? 'libc.so';

describe('NativeCalls', () => {
  it('calls a function, which may write where it was told to', async () => {
    const calls = new NativeCalls();
    const copy = await calls.find(LIBRARY, 'uint64_t memcpy(void *to, void *from, size_t bytes)');
    const target = Buffer.alloc(5);
    const address = await calls.run(copy, target, Buffer.from('hello'), 5);
    expect([target.toString(), address > 0]).toEqual(['hello', true]);
  });

  it('reads memory that a function gave the address of', async () => {
    const { address } = await import('koffi');
    const memory = Buffer.from('a string of some length that has a place of its own in memory');
    const copy = await new NativeCalls().read(address(memory), memory.length);
    expect(copy.equals(memory)).toBe(true);
    memory.fill(0);
    expect(copy.toString('latin1', 0, 8)).toBe('a string');
  });

  it.each([
    ['a library', 'there-is-none.so.7', 'int abs(int number)'],
    ['a function', LIBRARY, 'int there_is_none(int number)'],
  ])('%s that is not there is an error', async (_what, library, prototype) => {
    await expect(new NativeCalls().find(library, prototype)).rejects.toThrow();
  });

  it('a call that does not come back is left behind, and none is begun until it has', async () => {
    const calls = new NativeCalls({ deadlineMs: 20 });
    let comeBack = (): void => undefined;
    const stuck = Object.assign(() => undefined, {
      async: (answer: (error: null, result: number) => void) => (comeBack = () => answer(null, 1)),
    }) as never;
    const quick = Object.assign(() => undefined, {
      async: (answer: (error: null, result: number) => void) => answer(null, 7),
    }) as never;
    await expect(calls.run(stuck)).rejects.toThrow('did not answer in time');
    await expect(calls.run(quick)).rejects.toThrow('has not answered an earlier question');
    comeBack();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await calls.run(quick)).toBe(7);
  });
});
