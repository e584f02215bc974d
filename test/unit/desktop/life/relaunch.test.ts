import { spawnSync } from 'node:child_process';
import { relaunch } from '../../../../src/desktop/life/relaunch';

function create(env: NodeJS.ProcessEnv, executable = '/opt/srs') {
  const calls: unknown[] = [];
  const spawned: { command: string; args: readonly string[] }[] = [];
  relaunch({
    app: { relaunch: (options) => void calls.push(options), getPath: () => executable },
    argv: ['/opt/srs', '--login', '--config', 'a b.json'],
    env,
    spawnDetached: (command, args) => void spawned.push({ command, args }),
  });
  return { calls, spawned };
}

describe('starting again', () => {
  it('is no start at login, and keeps the other arguments', () => {
    expect(create({}).calls).toEqual([{ args: ['--config', 'a b.json'] }]);
  });

  it('starts no other AppImage, from which this one was started', () => {
    const { calls, spawned } = create({ APPIMAGE: '/home/ann/editor.AppImage', APPDIR: '/tmp/.mount_editor' });
    expect(calls).toHaveLength(1);
    expect(spawned).toEqual([]);
  });

  it('of an AppImage starts the image, after this process', () => {
    const { calls, spawned } = create({ APPIMAGE: '/home/ann/SRS.AppImage', APPDIR: '/tmp/.mount_SRS' }, '/tmp/.mount_SRS/srs');
    expect(calls).toEqual([]);
    const [{ command, args }] = spawned as [{ command: string; args: readonly string[] }];
    expect(args.slice(3)).toEqual([String(process.pid), '/home/ann/SRS.AppImage', '--config', 'a b.json']);
    // With a process that has ended, and a program that shows its arguments.
    const ended = spawnSync('true').pid;
    const shown = spawnSync(command, [...args.slice(0, 3), String(ended), 'printf', '%s|', ...args.slice(5)], { encoding: 'utf8' });
    expect(shown.stdout).toBe('--config|a b.json|');
  });
});
