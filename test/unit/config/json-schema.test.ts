import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { configurationJsonSchema } from '../../../src/config/json-schema';
import { configSchema } from '../../../src/config/schema';
import { listSettings, USER_SETTINGS } from '../../../src/config/settings';

const SHIPPED = join(__dirname, '../../../docs/configuration.schema.json');

describe('the JSON schema of the configuration', () => {
  test('is shipped as it is generated (write it with `srs config schema`)', () => {
    expect(JSON.parse(readFileSync(SHIPPED, 'utf8'))).toEqual(configurationJsonSchema());
  });

  test('describes every setting', () => {
    expect(listSettings().filter(({ node }) => node.description === undefined)).toEqual([]);
  });

  test.each([
    ['nothing', {}, true],
    ['a plain file', { server: 'https://rws.example.com', http: { port: 8086 }, rws: { startOperation: null } }, true],
    ['an editor’s $schema', { $schema: 'configuration.schema.json' }, true],
    ['an unknown key', { sever: 'https://rws.example.com' }, false],
    ['an unknown key in a group', { http: { prot: 1 } }, false],
    ['a version', { reportedVersion: '8.5.302.14' }, true],
    ['words for a version', { reportedVersion: 'v9' }, false],
    ['a wrong type', { http: { port: '8086' } }, false],
    ['a value out of range', { recording: { framesPerSecond: 16 } }, false],
  ])('judges %s', (_what, file, isValid) => {
    expect(addFormats(new Ajv2020()).validate(configurationJsonSchema(), file)).toBe(isValid);
  });

  test('has the defaults that the contract names', () => {
    expect(configSchema.parse({})).toMatchObject({
      http: { enabled: true, port: 8080 },
      https: { enabled: true, port: 8443 },
      requireOrigin: true,
      pingTimeoutSeconds: 60,
      recording: {
        framesPerSecond: 5,
        videoBitsPerSecond: 400_000,
        displays: 'all',
        segmentMinutes: 60,
        maxMinutes: 240,
        pauseMode: 'black',
      },
      spool: { maxMegabytes: 10_240, minFreeMegabytes: 1024, retentionDays: 14, encrypt: true, keyFallback: 'file' },
      upload: { maxKilobitsPerSecond: 0, afterLogoutMinutes: 30, byAnyAgent: true },
      credentialStore: 'keychain',
      log: { level: 'info' },
    });
  });
});

describe('settings', () => {
  test.each([
    ['http.port', 'SRS_HTTP_PORT'],
    ['peer_server', 'SRS_PEER_SERVER'],
    ['recording.framesPerSecond', 'SRS_RECORDING_FRAMES_PER_SECOND'],
    ['rws.operations.start', 'SRS_RWS_OPERATIONS_START'],
  ])('%s is %s in the environment', (key, variable) => {
    expect(listSettings().find((setting) => setting.key === key)?.variable).toBe(variable);
  });

  test('no two have one variable', () => {
    const variables = listSettings().map(({ variable }) => variable);
    expect(new Set(variables).size).toBe(variables.length);
  });

  test('what a user may change exists', () => {
    const keys = listSettings().map(({ key }) => key);
    for (const key of USER_SETTINGS) expect(keys).toContain(key);
  });
});
