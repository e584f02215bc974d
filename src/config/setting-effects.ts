/**
 * When a changed setting takes effect in a running service (config-and-cli.md, *Changes while it runs*):
 * - `atOnce`: with the next request, piece of an upload, line of the log and so on; read by each command, or by the loading itself
 * - `nextRecording`: a running recording keeps what it began with
 * - `restart`: when the program is started again; until then the problem `restartNeeded` names it
 */
export type SettingEffect = 'atOnce' | 'nextRecording' | 'restart';

/** Every setting, or a group with all that is in it. What is `atOnce` or `nextRecording` may not be copied by the part that reads it. */
const EFFECTS: Readonly<Record<string, SettingEffect>> = {
  enabled: 'restart',
  server: 'restart',
  peer_server: 'restart',
  allowedServers: 'restart',
  allowedOrigins: 'atOnce',
  requireOrigin: 'atOnce',
  otherUsers: 'atOnce',
  http: 'restart',
  https: 'restart',
  reportedVersion: 'restart',
  pingTimeoutSeconds: 'restart',
  rws: 'restart',
  'recording.trigger': 'restart',
  'recording.framesPerSecond': 'nextRecording',
  'recording.videoBitsPerSecond': 'nextRecording',
  'recording.maxWidth': 'nextRecording',
  'recording.maxHeight': 'nextRecording',
  'recording.grayscale': 'nextRecording',
  'recording.displays': 'nextRecording',
  'recording.segmentMinutes': 'nextRecording',
  'recording.maxMinutes': 'nextRecording',
  'recording.pauseMode': 'nextRecording',
  'recording.masks': 'nextRecording',
  'recording.maskExcept': 'nextRecording',
  'recording.maskFailure': 'nextRecording',
  'spool.maxMegabytes': 'atOnce',
  'spool.minFreeMegabytes': 'atOnce',
  'spool.retentionDays': 'atOnce',
  'spool.encrypt': 'restart',
  'spool.keyFallback': 'restart',
  'upload.maxKilobitsPerSecond': 'atOnce',
  'upload.afterLogoutMinutes': 'atOnce',
  'upload.byAnyAgent': 'atOnce',
  'recordings.export': 'atOnce',
  dataDirectory: 'restart',
  credentialStore: 'restart',
  autoStart: 'atOnce',
  notifyRecording: 'atOnce',
  allowQuit: 'atOnce',
  'updates.url': 'restart',
  'log.level': 'atOnce',
  locked: 'atOnce',
  allowEnvironment: 'atOnce',
};

/** Of a setting that nobody declared: a restart is always right. */
export function effectOf(key: string): SettingEffect {
  return declaredEffect(key) ?? 'restart';
}

/** The same, `undefined` for a setting that is not declared. */
export function declaredEffect(key: string): SettingEffect | undefined {
  const name = key.split('.')[0] ?? key;
  return EFFECTS[key] ?? EFFECTS[name];
}

/** What is declared, for the test that compares it with the schema. */
export const DECLARED_EFFECTS: readonly string[] = Object.keys(EFFECTS);

const WORDS: Readonly<Record<SettingEffect, string>> = {
  atOnce: 'at once',
  nextRecording: 'from the next recording',
  restart: 'after a restart',
};

/** When a change takes effect, in words: `at once`. */
export function describeEffect(key: string): string {
  return WORDS[effectOf(key)];
}
