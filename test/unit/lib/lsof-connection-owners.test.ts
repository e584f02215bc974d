import type { ConnectionEnds } from '../../../src/lib/connection-owners';
import { LsofConnectionOwners } from '../../../src/lib/lsof-connection-owners';
import { parseLsof } from '../../../src/lib/lsof-output';

const OWN = 501;
const V4: ConnectionEnds = { local: { address: '127.0.0.1', port: 8080 }, remote: { address: '127.0.0.1', port: 54321 } };
const V6: ConnectionEnds = { local: { address: '::1', port: 8080 }, remote: { address: '::1', port: 54321 } };

/** As lsof prints it: a process, then each of its files. */
const program = (pid: number, command: string, uid: number, user: string, ...names: readonly string[]): string =>
  [`p${pid}`, `c${command}`, `u${uid}`, `L${user}`, ...names.flatMap((name, index) => [`f${20 + index}`, `n${name}`])].join('\n') + '\n';

const SERVICE = program(100, 'Screen Recording', OWN, 'anna', '127.0.0.1:8080', '127.0.0.1:8080->127.0.0.1:54321', '[::1]:8080');
const owners = (output: string | Error) =>
  new LsofConnectionOwners({
    uid: OWN,
    list: async (port) => {
      expect(port).toBe(8080);
      if (output instanceof Error) throw output;
      return output;
    },
  });

describe('LsofConnectionOwners', () => {
  it.each<[string, ConnectionEnds, string | Error, object]>([
    ['the same user', V4, SERVICE + program(7, 'Safari', OWN, 'anna', '127.0.0.1:54321->127.0.0.1:8080'), { relation: 'sameUser' }],
    ['the same user over IPv6', V6, SERVICE + program(7, 'curl', OWN, 'anna', '[::1]:54321->[::1]:8080'), { relation: 'sameUser' }],
    ['another user', V4, program(7, 'curl', 502, 'ben', '127.0.0.1:54321->127.0.0.1:8080'), { relation: 'otherUser', user: 'ben' }],
    ['the system', V4, program(7, 'curl', 0, 'root', '127.0.0.1:54321->127.0.0.1:8080'), { relation: 'administrator', user: 'root' }],
    ['whom lsof does not show', V4, SERVICE, { relation: 'untold' }],
    ['another connection', V4, program(7, 'curl', OWN, 'anna', '127.0.0.1:54322->127.0.0.1:8080'), { relation: 'untold' }],
    ['no lsof', V4, new Error('lsof could not be run (ENOENT)'), { relation: 'untold', reason: 'lsof could not be run (ENOENT)' }],
  ])('%s', async (_who, ends, output, expected) => {
    expect(await owners(output).ownerOf(ends)).toMatchObject(expected);
  });

  it.each<[string, string, object]>([
    ['this user', SERVICE, { owner: { relation: 'sameUser' }, process: { id: 100, name: 'Screen Recording' } }],
    ['another user on all addresses', program(7, 'nc', 502, 'ben', '*:8080'), { owner: { user: 'ben' }, process: { id: 7, name: 'nc' } }],
    [
      'whom lsof does not show',
      program(7, 'nc', 502, 'ben', '192.168.0.7:8080', '127.0.0.1:54321->127.0.0.1:8080'),
      { owner: { relation: 'untold' } },
    ],
  ])('%s listens', async (_who, output, expected) => {
    expect(await owners(output).holderOf(8080)).toMatchObject(expected);
  });

  it('passes over what is no socket, and a process whose user is not told', () => {
    expect(parseLsof('p7\ncnc\nf3\nn127.0.0.1:1\n')).toEqual([]);
    expect(parseLsof(program(7, 'nc', 1, 'ben', 'no PCB', '*:*', '127.0.0.1:http', '127.0.0.1:1->', 'kqueue'))).toEqual([]);
    expect(parseLsof('')).toEqual([]);
  });
});
