import * as z from 'zod';

/**
 * Requests and answers of the local API: they validate what comes in, type what goes out, and docs/openapi.json is generated from them.
 * Error texts complete the sentence "Parameter x is invalid: …".
 */
const aString = (error: string): z.ZodString => z.string({ error });
const SERVER_EXPECTED = 'an http:// or https:// address is expected';
const DEVICE_EXPECTED = 'an object with the strings dn and switch is expected';

export const LOGOUT_OPERATION = 'EndContactCenterSession';

/** `dn` and `switch` of one telephone device. */
const deviceSchema = z.object(
  {
    dn: aString('a string is expected').min(1, { error: 'it is empty' }).describe('Directory number'),
    switch: aString('a string is expected').describe('Name of the switch the number belongs to'),
  },
  { error: DEVICE_EXPECTED },
);

/** The values a login may bring, by parameter name. Names that are not here are ignored. */
export const loginParameterSchemas = {
  server: aString(SERVER_EXPECTED).describe(
    'Recording server (RWS) of this session; also as the list https://a(https://b),https://c(https://d), which gives pairs',
  ),
  peer_server: aString(SERVER_EXPECTED).describe('Recording server in the backup data centre'),
  place: aString('a string is expected').describe('Place the agent works at'),
  devices: z.array(deviceSchema, { error: 'an array of devices is expected' }).describe('Telephone devices of the agent'),
} as const;

export type LoginParameterName = keyof typeof loginParameterSchemas;

/** An entry of the configuration array before its value is looked at. */
export const parameterEntrySchema = z.looseObject(
  { name: aString('the name of a parameter is expected'), value: z.unknown().optional() },
  { error: 'an object with name and value is expected' },
);

const namedParameters = (Object.keys(loginParameterSchemas) as LoginParameterName[]).map((name) =>
  z.object({ name: z.literal(name), value: loginParameterSchemas[name] }),
);

/** The body of a login, as documented. */
export const loginConfigurationSchema = z
  .array(z.union([...namedParameters, z.object({ name: z.string(), value: z.unknown().optional() }).describe('Any other name is ignored')]))
  .describe(
    'Configuration of this session; every parameter is optional, and one whose value is empty, blank, null or missing counts as not sent',
  );

export const logoutRequestSchema = z.object({ operationName: z.literal(LOGOUT_OPERATION) }).describe('Ends the session');

/** The body of `POST /uploads/retry`; no body means all of them. */
export const retryRequestSchema = z
  .strictObject(
    {
      mediaId: aString('a string is expected')
        .min(1, { error: 'it is empty' })
        .max(200, { error: 'it is longer than 200 characters' })
        .exactOptional()
        .describe('One recording, as GET /status names it; all of them when it is left out'),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys' ? `only mediaId is allowed, not ${issue.keys.join(', ')}` : 'an object with mediaId is expected',
    },
  )
  .describe('Which recordings are tried again');

export const loginAnswerSchema = z.object({
  statusCode: z.literal(0),
  user: z.object({ userName: z.string(), firstName: z.string().optional(), lastName: z.string().optional() }),
});

export const doneAnswerSchema = z.object({ statusCode: z.literal(0) });

export const retryAnswerSchema = z.object({
  statusCode: z.literal(0),
  retried: z.int().min(0).describe('How many recordings are tried again'),
});

export const versionAnswerSchema = z.object({
  version: z
    .string()
    .regex(/^8\.5\.\d{3,}\.\d{2,}$/)
    .describe('8.5.zyy.xx for package version z.yy.xx'),
});

export const errorAnswerSchema = z.object({
  statusCode: z
    .int()
    .min(1)
    .describe('1 missing, 2 invalid, 3 forbidden, 4 internal error, 6 not found, 20 not authenticated; others as RWS sent them'),
  statusMessage: z.string().min(1).describe('One plain sentence'),
});

export type LoginAnswer = z.output<typeof loginAnswerSchema>;
export type DoneAnswer = z.output<typeof doneAnswerSchema>;
export type RetryAnswer = z.output<typeof retryAnswerSchema>;
export type VersionAnswer = z.output<typeof versionAnswerSchema>;
export type ErrorAnswer = z.output<typeof errorAnswerSchema>;
