import { adml, admx, plist } from '../../../scripts/docs/policy-templates';
import type { JsonSchemaNode } from '../../../src/config/json-schema';
import { policyOf } from '../../../src/config/policies';
import { settingsOf } from '../../../src/config/registry-values';
import { listSettings } from '../../../src/config/settings';
import { registryNumber } from '../../support/registry-value';

const KEY = 'HKLM\\Software\\Policies\\ScreenRecordingService';

describe('the policy templates', () => {
  it.each(listSettings().map(({ key, node }) => [key, node] as const))('have %s, under the name that the program reads', (key, node) => {
    const template = admx();
    if (node.type === 'array') expect(template).toContain(`key="Software\\Policies\\ScreenRecordingService\\${key}"`);
    else expect(template).toContain(`valueName="${key}"`);
    const id = key.replaceAll('.', '_');
    expect(adml()).toContain(`<string id="${id}">${key}</string>`);
    if (node.type !== 'boolean') expect(adml()).toContain(`<presentation id="${id}">`);
  });

  it('write what the program reads back', () => {
    const numberOf = ({ type, minimum = 0 }: JsonSchemaNode): number => (type === 'boolean' ? 1 : Math.max(0, minimum));
    const values = listSettings()
      .filter(({ node }) => node.type === 'boolean' || node.type === 'integer')
      .map(({ key, node }) => registryNumber(key, numberOf(node)));
    const result = policyOf(KEY, settingsOf(values));
    expect(result).not.toHaveProperty('problems');
    expect('layer' in result && result.layer?.values.size).toBe(values.length);
    expect('unknown' in result && result.unknown).toEqual([]);
  });

  it('give macOS a sample that holds as it is', () => {
    const rows = [...plist().matchAll(/<key>([^<]+)<\/key>\n\s*<(\w+)(?: \/>|>([^<]*)<)/g)];
    expect(rows.length).toBeGreaterThan(20);
    const values = rows
      .filter(([, , type]) => type !== 'array')
      .map(([, key = '', type = '', text = '']) => [key, type === 'true' ? true : type === 'false' ? false : text] as const);
    expect(policyOf('sample.plist', new Map(values))).not.toHaveProperty('problems');
  });
});
