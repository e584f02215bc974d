import { z } from 'zod';
import { originPatternProblem } from '../shared/origin-pattern';
import { serverPatternProblem } from '../shared/server-pattern';

/**
 * Every setting with its default and limits (config-and-cli.md, *Configuration*). The JSON schema that is shipped is generated from this.
 * Objects are strict: an unknown key is a start-up error.
 */
const path = z.string().min(1);
const wirePath = z.string().regex(/^\/[^\s?#]*$/, 'a path that begins with /');
const operation = z.string().min(1);
const port = z.int().min(0).max(65535);
const serverUrl = z.url({ protocol: /^https?$/, error: 'an http:// or https:// address' });
const originPattern = patternChecked(originPatternProblem);
const serverPattern = patternChecked(serverPatternProblem);

/** A list entry that one of the pattern modules has the say about. Its message already names entry and remedy. */
function patternChecked(problemOf: (entry: string) => string | undefined): z.ZodString {
  return z
    .string()
    .min(1)
    .check((context) => {
      const problem = problemOf(context.value);
      if (problem !== undefined) context.issues.push({ code: 'custom', input: context.value, message: problem.replace(/^\w+: /, '') });
    });
}

export const rwsSchema = z.strictObject({
  paths: z
    .strictObject({
      me: wirePath.default('/api/v2/me'),
      notifications: wirePath.default('/api/v2/notifications'),
      version: wirePath.default('/api/v2/diagnostics/version'),
      report: wirePath.default('/api/v2/me/screen-recordings/{recordingId}'),
      upload: wirePath.default('/internal-api/contact-centers/{contactCenterId}/screen-recordings/{recordingId}/content/{mediaId}'),
      resumable: wirePath.default('/internal-api/contact-centers/{contactCenterId}/screen-recordings/uploads'),
    })
    .prefault({}),
  channel: z
    .string()
    .regex(/^\/\S+$/, 'a Bayeux channel such as /v2/me/*')
    .default('/v2/me/*'),
  messageType: operation.default('ScreenRecordingMessage'),
  operations: z
    .strictObject({
      start: operation.default('StartScreenRecording'),
      stop: operation.default('StopScreenRecording'),
      pause: operation.default('PauseScreenRecording'),
      resume: operation.default('ResumeScreenRecording'),
      report: operation.default('ReportScreenRecordingState'),
    })
    .prefault({}),
  startOperation: operation.nullable().default('StartContactCenterSession'),
  endOperation: operation.nullable().default('EndContactCenterSession'),
  timeoutSeconds: z.number().min(0.1).max(300).default(10),
  failoverAfterSeconds: z.number().min(0).max(3600).default(30),
  failbackProbeSeconds: z.number().min(0.1).max(3600).default(30),
  ca: path.optional(),
  /** `"system"`-like values are left to the environment (`HTTPS_PROXY`, `NO_PROXY`). */
  proxy: serverUrl.optional(),
});

export const recordingSchema = z.strictObject({
  trigger: z.enum(['command', 'callRecording']).default('command'),
  framesPerSecond: z.number().min(1).max(15).default(5),
  videoBitsPerSecond: z.int().min(50_000).max(8_000_000).default(400_000),
  maxWidth: z.int().min(0).max(16_384).default(0),
  maxHeight: z.int().min(0).max(16_384).default(0),
  grayscale: z.boolean().default(false),
  displays: z.enum(['all', 'primary']).default('all'),
  segmentMinutes: z.number().min(0.05).max(1440).default(60),
  maxMinutes: z.number().min(0.05).max(1440).default(240),
  pauseMode: z.enum(['black', 'cut']).default('black'),
});

export const spoolSchema = z.strictObject({
  maxMegabytes: z.number().min(1).default(10_240),
  minFreeMegabytes: z.number().min(0).default(1024),
  retentionDays: z.number().min(0).max(3650).default(14),
  encrypt: z.boolean().default(true),
  keyFallback: z.enum(['file', 'refuse']).default('file'),
});

export const uploadSchema = z.strictObject({
  maxKilobitsPerSecond: z.number().min(0).default(0),
  afterLogoutMinutes: z.number().min(0).max(1440).default(30),
  byAnyAgent: z.boolean().default(true),
});

export const configSchema = z.strictObject({
  server: serverUrl.optional(),
  peer_server: serverUrl.optional(),
  allowedServers: z.array(serverPattern).default([]),
  allowedOrigins: z.array(originPattern).default([]),
  requireOrigin: z.boolean().default(true),
  http: z.strictObject({ enabled: z.boolean().default(true), port: port.default(8080) }).prefault({}),
  https: z
    .strictObject({
      enabled: z.boolean().default(true),
      port: port.default(8443),
      certificate: path.optional(),
      key: path.optional(),
      pfx: path.optional(),
    })
    .prefault({}),
  pingTimeoutSeconds: z.number().min(0.1).max(86_400).default(60),
  rws: rwsSchema.prefault({}),
  recording: recordingSchema.prefault({}),
  spool: spoolSchema.prefault({}),
  upload: uploadSchema.prefault({}),
  dataDirectory: path.optional(),
  credentialStore: z.enum(['keychain', 'memory']).default('keychain'),
  autoStart: z.boolean().default(true),
  notifyRecording: z.boolean().default(false),
  allowQuit: z.boolean().default(true),
  updates: z.strictObject({ url: serverUrl.optional() }).prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
  locked: z.array(z.string().min(1)).default([]),
});

/** The whole configuration with every default filled in. `dataDirectory` is resolved by the loader. */
export type Configuration = z.output<typeof configSchema> & { readonly dataDirectory: string };
export type RwsConfiguration = z.output<typeof rwsSchema>;
export type RecordingConfiguration = z.output<typeof recordingSchema>;
export type SpoolConfiguration = z.output<typeof spoolSchema>;
export type UploadConfiguration = z.output<typeof uploadSchema>;
