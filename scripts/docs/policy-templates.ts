import type { JsonSchemaNode } from '../../src/config/json-schema';
import { WINDOWS_POLICY_KEY } from '../../src/config/platform-paths';
import { listSettings, type Setting } from '../../src/config/settings';

const KEY = WINDOWS_POLICY_KEY.replace(/^HKLM\\/, '');
const NAMESPACE = 'ScreenRecordingService.Policies.ScreenRecordingService';
const CATEGORY = 'ScreenRecordingService';
/** More than the schema's own limit is no number for a registry value. */
const MAX_DWORD = 4_294_967_295;

/** The administrative template for group policies (ADMX), from the schema. */
export function admx(): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<!-- Written by node scripts/generate-docs.mjs from src/config/schema.ts. -->
<policyDefinitions xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions" revision="1.0" schemaVersion="1.0">
  <policyNamespaces>
    <target prefix="srs" namespace="${NAMESPACE}" />
  </policyNamespaces>
  <resources minRequiredRevision="1.0" />
  <categories>
    <category name="${CATEGORY}" displayName="$(string.${CATEGORY})" />
  </categories>
  <policies>
${listSettings().map(policy).join('\n')}
  </policies>
</policyDefinitions>
`;
}

function policy({ key, node }: Setting): string {
  const id = identifier(key);
  const open = `    <policy name="${id}" class="Machine" displayName="$(string.${id})" explainText="$(string.${id}_Help)" key="${KEY}"`;
  const parent = `      <parentCategory ref="${CATEGORY}" />`;
  if (node.type === 'boolean') {
    const value = (name: string, number: number): string => `      <${name}><decimal value="${number}" /></${name}>`;
    return [`${open} valueName="${key}">`, parent, value('enabledValue', 1), value('disabledValue', 0), '    </policy>'].join('\n');
  }
  return [
    `${open} presentation="$(presentation.${id})">`,
    parent,
    '      <elements>',
    element(key, node),
    '      </elements>',
    '    </policy>',
  ].join('\n');
}

function element(key: string, node: JsonSchemaNode): string {
  if (node.enum !== undefined) {
    const items = node.enum.map(
      (value) =>
        `          <item displayName="$(string.${identifier(key)}_${identifier(String(value))})"><value><string>${escaped(String(value))}</string></value></item>`,
    );
    return [`        <enum id="value" valueName="${key}" required="true">`, ...items, '        </enum>'].join('\n');
  }
  if (node.type === 'array') return `        <list id="value" key="${KEY}\\${key}" valuePrefix="" />`;
  if (node.type === 'integer') {
    const { minimum = 0, maximum = MAX_DWORD } = node;
    return `        <decimal id="value" valueName="${key}" minValue="${Math.max(0, minimum)}" maxValue="${Math.min(maximum, MAX_DWORD)}" required="true" />`;
  }
  return `        <text id="value" valueName="${key}" required="true" />`;
}

/** Its texts (ADML, en-US). */
export function adml(): string {
  const strings = listSettings().flatMap(({ key, node }) => {
    const id = identifier(key);
    const words = (node.enum ?? []).map((value) => [`${id}_${identifier(String(value))}`, String(value)] as const);
    return [[id, key] as const, [`${id}_Help`, help(node)] as const, ...words];
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<policyDefinitionResources xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions" revision="1.0" schemaVersion="1.0">
  <displayName>Screen Recording Service</displayName>
  <description>Settings of the Screen Recording Service</description>
  <resources>
    <stringTable>
      <string id="${CATEGORY}">Screen Recording Service</string>
${strings.map(([id, text]) => `      <string id="${id}">${escaped(text)}</string>`).join('\n')}
    </stringTable>
    <presentationTable>
${listSettings()
  .filter(({ node }) => node.type !== 'boolean')
  .map(presentation)
  .join('\n')}
    </presentationTable>
  </resources>
</policyDefinitionResources>
`;
}

function presentation({ key, node }: Setting): string {
  const label = escaped(key);
  const control =
    node.enum !== undefined
      ? `<dropdownList refId="value">${label}</dropdownList>`
      : node.type === 'array'
        ? `<listBox refId="value">${label}</listBox>`
        : node.type === 'integer'
          ? `<decimalTextBox refId="value">${label}</decimalTextBox>`
          : `<textBox refId="value"><label>${label}</label></textBox>`;
  return `      <presentation id="${identifier(key)}">${control}</presentation>`;
}

function help({ description = '', default: fallback }: JsonSchemaNode): string {
  return `${description}. Default: ${fallback === undefined ? 'none' : JSON.stringify(fallback)}.`;
}

/** A sample of managed preferences for macOS: every setting that has a default, with it. */
export function plist(): string {
  const rows = listSettings().flatMap(({ key, node }) =>
    node.default === undefined ? [] : [`    <key>${key}</key>`, `    ${plistValue(node.default)}`],
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- A sample with every default: keep only what you want to fix. Written by node scripts/generate-docs.mjs. -->
<plist version="1.0">
  <dict>
${rows.join('\n')}
  </dict>
</plist>
`;
}

function plistValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? '<true />' : '<false />';
  if (typeof value === 'number') return Number.isInteger(value) ? `<integer>${value}</integer>` : `<real>${value}</real>`;
  if (Array.isArray(value)) return `<array>${value.map(plistValue).join('')}</array>`;
  return `<string>${escaped(typeof value === 'string' ? value : JSON.stringify(value))}</string>`;
}

function identifier(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '_');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
