import { redactAddresses } from '../lib/redact-addresses';
import type { MergedLayers } from './layers';
import type { Configuration } from './schema';
import { describeEffect } from './setting-effects';
import { listSettings } from './settings';

/** A line a setting: `http.port = 8086   (from FILE; over OTHER; changes at once)`. Passwords in addresses are left out. */
export function explainSettings(config: Configuration, { settings, refused, overridden }: MergedLayers): readonly string[] {
  return listSettings().map(({ key }) => {
    const value = key.split('.').reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], config);
    const source = settings.get(key)?.layer.source ?? 'default';
    const others = [...(overridden.get(key) ?? []), ...refused.filter((entry) => entry.key === key).map((entry) => entry.source)];
    const over = others.length === 0 ? '' : `; over ${others.join(', ')}`;
    return `${key} = ${value === undefined ? 'none' : redactAddresses(JSON.stringify(value))}   (${source}${over}; changes ${describeEffect(key)})`;
  });
}
