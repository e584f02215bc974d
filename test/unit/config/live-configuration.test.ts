import { LiveConfiguration } from '../../../src/config/live-configuration';
import { configSchema, type Configuration } from '../../../src/config/schema';
import { effectOf } from '../../../src/config/setting-effects';
import { listSettings } from '../../../src/config/settings';

const configuration = (settings: object = {}): Configuration =>
  ({ dataDirectory: '/data', ...configSchema.parse(settings) }) as Configuration;
const read = (tree: unknown, key: string): unknown =>
  key.split('.').reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], tree);

/** Every setting with another value than its default. */
function everythingElse(): Configuration {
  const other = configuration();
  for (const { key } of listSettings()) {
    const names = key.split('.');
    const last = names.pop() ?? key;
    const group = (names.length === 0 ? other : read(other, names.join('.'))) as Record<string, unknown>;
    group[last] = [`another ${key}`];
  }
  return other;
}

describe('LiveConfiguration', () => {
  test.each(listSettings().map(({ key }) => key))('takes over %s, or names it as waiting for a restart', (key) => {
    const live = new LiveConfiguration(configuration(), {});
    const before = read(live.settings, key);
    const next = everythingElse();
    const waiting = live.waitingForRestart(next);
    const taken = live.take(next);
    const isTaken = effectOf(key) !== 'restart';
    expect([taken.includes(key), waiting.includes(key)]).toEqual([isTaken, !isTaken]);
    expect(read(live.settings, key)).toEqual(isTaken ? [`another ${key}`] : before);
    expect(live.waitingForRestart(next)).toEqual(waiting);
  });

  test('changes the groups in place, for those who hold one', () => {
    const live = new LiveConfiguration(configuration(), {});
    const { upload } = live.settings;
    live.take(configuration({ upload: { maxKilobitsPerSecond: 8 } }));
    expect(upload.maxKilobitsPerSecond).toBe(8);
  });

  test('tells of a change after all of it, and of nothing when there is none', () => {
    const live = new LiveConfiguration(configuration(), {});
    const told: unknown[] = [];
    live.onChange((keys) => told.push([keys, live.settings.log.level, live.settings.allowQuit]));
    live.take(configuration());
    live.take(configuration({ log: { level: 'debug' }, allowQuit: false, server: 'https://rws.example.com' }));
    expect(told).toEqual([[['allowQuit', 'log.level'], 'debug', false]]);
  });

  test('goes back to the default when a setting is taken out', () => {
    const live = new LiveConfiguration(configuration({ otherUsers: 'allow' }), {});
    expect(live.take(configuration())).toEqual(['otherUsers']);
    expect(live.settings.otherUsers).toBeUndefined();
  });
});
