import * as z from 'zod';
import { originPatternProblem } from '../shared/origin-pattern';
import { PORT_SUM } from './port-sum';
import { serverPatternProblem } from '../shared/server-pattern';

/**
 * Every setting with its default and limits (config-and-cli.md, *Configuration*). The JSON schema that is shipped is generated from this.
 * Objects are strict: an unknown key is a start-up error.
 */
const path = z.string().min(1);
const wirePath = z.string().regex(/^\/[^\s?#]*$/, 'a path that begins with /');
const operation = z.string().min(1);
const A_SUM = 'a sum with `${UID}` or `${SESSIONID}` in it, such as `9000+${UID}%1000`';
/** A sum has become its number before the whole is parsed: session-ports.ts. */
const port = z.union([
  z.int().min(0).max(65535),
  z.string().regex(PORT_SUM, `a whole number from 0 to 65535, or ${A_SUM}`).describe(A_SUM),
]) as unknown as z.ZodType<number, number | string>;
const httpUrl = z.url({ protocol: /^https?$/, error: 'an http:// or https:// address' });
const serverUrl = httpUrl.regex(/^[^?#@]*$/, { error: 'an http:// or https:// address without user name, query and fragment' });
/** What comes from there is installed: nobody on the way may change it. */
const updatesUrl = z
  .url({ protocol: /^https?$/, error: 'an https:// address', abort: true })
  .regex(/^[^?#@]*$/, { error: 'an https:// address without user name, query and fragment', abort: true })
  .regex(/^(https:\/\/|http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/]|$))/, {
    error: 'an https:// address; http:// only of this machine (localhost, 127.0.0.1)',
  });
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

const partName = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, '1 to 64 letters, digits, ., _ or -');

export const rwsSchema = z.strictObject({
  paths: z
    .strictObject({
      me: wirePath.default('/api/v2/me').describe('who the agent is, and the operations on the session'),
      notifications: wirePath.default('/api/v2/notifications').describe('CometD'),
      version: wirePath.default('/api/v2/diagnostics/version').describe('RWS version'),
      report: wirePath.default('/api/v2/me/screen-recordings/{recordingId}').describe('state reports'),
      upload: wirePath
        .default('/internal-api/contact-centers/{contactCenterId}/screen-recordings/{recordingId}/content/{mediaId}')
        .describe('multipart uploads'),
      resumable: wirePath
        .default('/internal-api/contact-centers/{contactCenterId}/screen-recordings/uploads')
        .describe('resumable uploads'),
      content: wirePath
        .nullable()
        .default('/internal-api/contact-centers/{contactCenterId}/screen-recordings/{recordingId}/content/{mediaId}.mp4')
        .describe('an uploaded video, asked for its size with HEAD unless upload.success is statusCode0; null = not asked'),
    })
    .prefault({}),
  upload: z
    .strictObject({
      partNames: z
        .strictObject({
          metadata: partName.default('metadata').describe('name of the multipart part with the metadata'),
          media: partName.default('media').describe('name of the multipart part with the video'),
        })
        .prefault({}),
      mediaIdSuffix: z.enum(['', '.mp4']).default('').describe('added to the mediaId in path, file name and metadata'),
      success: z
        .enum(['statusCode0', 'anyJson2xx', 'any2xx'])
        .default('statusCode0')
        .describe('which answers say that RWS has the recording; all but statusCode0 are checked with HEAD on rws.paths.content'),
    })
    .prefault({}),
  channel: z
    .string()
    .regex(/^\/\S+$/, 'a Bayeux channel such as /v2/me/*')
    .default('/v2/me/*')
    .describe('channel that recording commands arrive on'),
  messageType: operation.default('ScreenRecordingMessage').describe('messageType of recording commands'),
  operations: z
    .strictObject({
      start: operation.default('StartScreenRecording').describe('operationName of the command to start'),
      stop: operation.default('StopScreenRecording').describe('operationName of the command to stop'),
      pause: operation.default('PauseScreenRecording').describe('operationName of the command to pause'),
      resume: operation.default('ResumeScreenRecording').describe('operationName of the command to resume'),
      report: operation.default('ReportScreenRecordingState').describe('operationName of state reports'),
    })
    .prefault({}),
  startOperation: operation
    .nullable()
    .default(null)
    .describe('opens a session at RWS, such as StartContactCenterSession; null = none is opened'),
  endOperation: operation
    .nullable()
    .default('EndContactCenterSession')
    .describe('ends the session that startOperation opened; null = not sent'),
  timeoutSeconds: z.number().min(0.1).max(300).default(10).describe('how long an answer of RWS is waited for'),
  failoverAfterSeconds: z
    .number()
    .min(0)
    .max(3600)
    .default(30)
    .describe('how long the connected server may be away before the other one is tried'),
  failbackProbeSeconds: z
    .number()
    .min(0.1)
    .max(3600)
    .default(30)
    .describe('how often the primary is looked for while the peer is connected'),
  ca: path.optional().describe("PEM file with certificate authorities to trust besides the system's"),
  proxy: httpUrl.optional().describe('HTTP proxy on the way to RWS; without one HTTPS_PROXY and NO_PROXY count'),
});

const maskPattern = z.string().min(1).max(500);
const maskRule = z
  .strictObject({
    application: maskPattern.exactOptional().describe('the program: its file, or a part of WM_CLASS; * stands for any text'),
    title: maskPattern.exactOptional().describe("the window's title; * stands for any text"),
    note: z.string().min(1).max(200).exactOptional().describe('what the metadata of the recording says instead of the title'),
  })
  .check((context) => {
    const { application, title } = context.value;
    if (application !== undefined || title !== undefined) return;
    context.issues.push({ code: 'custom', input: context.value, message: 'names no window; allowed: application, title, or both' });
  });

export const recordingSchema = z.strictObject({
  trigger: z
    .enum(['command', 'callRecording'])
    .default('command')
    .describe('what starts a recording: a command of RWS, or the recording of a call'),
  framesPerSecond: z.number().min(1).max(15).default(5).describe('pictures a second'),
  videoBitsPerSecond: z.int().min(50_000).max(8_000_000).default(400_000).describe('most bits a second'),
  maxWidth: z.int().min(0).max(16_384).default(0).describe('of each display, in pixels; 0 = full resolution'),
  maxHeight: z.int().min(0).max(16_384).default(0).describe('of each display, in pixels; 0 = full resolution'),
  grayscale: z.boolean().default(false).describe('record without colour'),
  displays: z.enum(['all', 'primary']).default('all').describe('which displays are recorded'),
  segmentMinutes: z.number().min(0.05).max(1440).default(60).describe('a longer recording is cut into segments of this length'),
  maxMinutes: z.number().min(0.05).max(1440).default(240).describe('a recording nobody stops is stopped after this long'),
  pauseMode: z.enum(['black', 'cut']).default('black').describe('what a pause leaves: a black picture, or nothing'),
  masks: z.array(maskRule).max(200).default([]).describe('windows that are covered in the video'),
  maskExcept: z.array(maskRule).max(200).default([]).describe('when there are any, everything is covered but these windows'),
  maskFailure: z
    .enum(['cover', 'stop'])
    .default('cover')
    .describe('while the windows cannot be known: the whole display is covered, or the recording ends'),
});

export const spoolSchema = z.strictObject({
  maxMegabytes: z.number().min(1).default(10_240).describe('most space for recordings that wait for their upload'),
  minFreeMegabytes: z.number().min(0).default(1024).describe('space that is left free on the disk'),
  retentionDays: z.number().min(0).max(3650).default(14).describe('how long a recording that cannot be uploaded is kept'),
  encrypt: z.boolean().default(true).describe('encrypt waiting recordings'),
  keyFallback: z
    .enum(['file', 'refuse'])
    .default('file')
    .describe('without a keychain: keep the key in an owner-only file, or refuse to record'),
});

export const uploadSchema = z.strictObject({
  maxKilobitsPerSecond: z.number().min(0).default(0).describe('upload speed; 0 = no limit'),
  afterLogoutMinutes: z
    .number()
    .min(0)
    .max(1440)
    .default(30)
    .describe("how long an agent's recordings are still uploaded with that agent's login after the logout"),
  byAnyAgent: z.boolean().default(true).describe("upload a former agent's recordings with the login of whoever is signed in"),
});

export const configSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('false = switched off: the program runs, listens nowhere and records nothing'),
  server: serverUrl.optional().describe('RWS address; a login may name another, see allowedServers'),
  peer_server: serverUrl.optional().describe('RWS address in the backup data centre'),
  allowedServers: z
    .array(serverPattern)
    .default([])
    .describe(
      'what a login may name besides the configured servers: host, host:port or scheme://host[:port], *. for leading labels; empty = the configured ones, and with none configured every login is refused',
    ),
  allowedOrigins: z
    .array(originPattern)
    .default([])
    .describe('agent desktops: origins such as https://desk.example.com or https://*.example.com'),
  requireOrigin: z.boolean().default(true).describe('refuse requests without an Origin; false admits native agent desktops'),
  otherUsers: z
    .enum(['refuse', 'allow'])
    .optional()
    .describe(
      'programs of which it cannot be told which user of the computer they belong to; default: refuse on Windows while several people are signed in, else allow',
    ),
  http: z
    .strictObject({
      enabled: z.boolean().default(true).describe('listen for http'),
      port: port.default(8080).describe('0 = any free port; a sum gives each user or session one of their own'),
      metrics: z
        .boolean()
        .default(false)
        .describe('answer GET /metrics with figures for monitoring, to whoever brings the token of status-token'),
    })
    .prefault({}),
  https: z
    .strictObject({
      enabled: z.boolean().default(true).describe('listen for https'),
      port: port.default(8443).describe('0 = any free port; a sum gives each user or session one of their own'),
      certificate: path.optional().describe('PEM file with the certificate and its chain; without one the service makes its own'),
      key: path.optional().describe('PEM file with its key'),
      pfx: path.optional().describe('the two in one PKCS #12 file'),
    })
    .prefault({}),
  reportedVersion: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,5}){2,4}$/, 'numbers with dots, such as 8.5.302.14')
    .optional()
    .describe('version that GET /version, uploads and reports give; for agent desktops that demand a least one'),
  pingTimeoutSeconds: z
    .number()
    .min(0.1)
    .max(86_400)
    .default(60)
    .describe('a session whose desktop polled once and then no more ends after this long'),
  rws: rwsSchema.prefault({}),
  recording: recordingSchema.prefault({}),
  spool: spoolSchema.prefault({}),
  upload: uploadSchema.prefault({}),
  recordings: z
    .strictObject({ export: z.boolean().default(true).describe('srs recordings export may unseal a waiting recording into a file') })
    .prefault({}),
  dataDirectory: path
    .optional()
    .describe(
      "folder for recordings, logs and certificate; ~, %NAME% and ${NAME} are filled in; default: the platform's folder for the user",
    ),
  credentialStore: z.enum(['keychain', 'memory']).default('keychain').describe("where the signed-in agent's credentials are kept"),
  autoStart: z.boolean().default(true).describe("start with the user's session (installed application)"),
  notifyRecording: z.boolean().default(false).describe('tell the agent when recording starts and stops'),
  allowQuit: z.boolean().default(true).describe('the tray offers Quit'),
  updates: z.strictObject({ url: updatesUrl.optional().describe('https address where updates are looked for; none = never') }).prefault({}),
  log: z
    .strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('least level that is written') })
    .prefault({}),
  locked: z
    .array(z.string().min(1))
    .default([])
    .describe('settings or groups that nothing later may change: recording.framesPerSecond, or recording; * = all'),
  allowEnvironment: z
    .boolean()
    .default(false)
    .describe('an installed program takes settings from SRS_… variables; only the machine-wide file and policies may say so'),
});

/** The whole configuration with every default filled in. `dataDirectory` is resolved by the loader. */
export type Configuration = z.output<typeof configSchema> & { readonly dataDirectory: string; readonly notUsed?: NotUsed };

/** What was set and has no effect, for the log and the problem `configurationUnknown`. */
export interface NotUsed {
  /** Keys and variables this version does not know, each with its source. */
  readonly unknown: readonly { readonly source: string; readonly key?: string; readonly text: string }[];
  /** Settings a lock or a policy kept out. */
  readonly refused: readonly { readonly source: string; readonly key: string }[];
}
export type RwsConfiguration = z.output<typeof rwsSchema>;
export type RecordingConfiguration = z.output<typeof recordingSchema>;
export type SpoolConfiguration = z.output<typeof spoolSchema>;
export type UploadConfiguration = z.output<typeof uploadSchema>;
