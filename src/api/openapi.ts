import * as z from 'zod';
import {
  doneAnswerSchema,
  errorAnswerSchema,
  loginAnswerSchema,
  loginConfigurationSchema,
  logoutRequestSchema,
  retryAnswerSchema,
  retryRequestSchema,
  versionAnswerSchema,
} from './schemas';
import { snapshotSchema } from './snapshot-schema';

type Json = Readonly<Record<string, unknown>>;

const REQUESTS = {
  LoginConfiguration: loginConfigurationSchema,
  LogoutRequest: logoutRequestSchema,
  RetryRequest: retryRequestSchema,
} as const;
const ANSWERS = {
  LoginAnswer: loginAnswerSchema,
  DoneAnswer: doneAnswerSchema,
  RetryAnswer: retryAnswerSchema,
  VersionAnswer: versionAnswerSchema,
  ErrorAnswer: errorAnswerSchema,
  Snapshot: snapshotSchema,
} as const;

type SchemaName = keyof typeof REQUESTS | keyof typeof ANSWERS;

/** The local API as OpenAPI 3.1 (docs/openapi.json), with the very schemas that validate requests. */
export function describeApi(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Screen Recording Service: local API',
      version: '2.0.0',
      description:
        'How an agent desktop passes the credentials of its agent, polls, and logs out. The service listens on the loopback addresses only, ' +
        'and answers the user of the computer it runs as. ' +
        'Browsers need an allowed Origin; every request needs 127.0.0.1, localhost or [::1] with the right port as Host.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://127.0.0.1:8080' }, { url: 'https://127.0.0.1:8443' }],
    paths: {
      '/api/v2/me': { options: preflight('preflightMe'), get: login(), post: loginWithConfigurationOrLogout() },
      '/ping': { options: preflight('preflightPing'), get: ping() },
      '/version': { options: preflight('preflightVersion'), get: version('getVersion'), head: version('headVersion') },
      '/status': { get: status() },
      '/uploads/retry': { post: retryUploads() },
    },
    components: {
      schemas: { ...jsonSchemas(REQUESTS, 'input'), ...jsonSchemas(ANSWERS, 'output') },
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: "The agent's own user name and password" },
        cookie: { type: 'apiKey', in: 'cookie', name: 'SRSSESSIONID', description: 'Cookie of the last login' },
        statusToken: { type: 'http', scheme: 'bearer', description: 'Content of status-token in the data directory' },
      },
    },
  };
}

function preflight(operationId: string): Json {
  return {
    operationId,
    summary: 'Pre-flight request of a browser',
    parameters: [ORIGIN],
    responses: { '200': { description: 'The origin is allowed; with CORS headers' }, ...errors(403, 421) },
  };
}

function login(): Json {
  return {
    operationId: 'login',
    summary: 'Log in with the configured servers',
    security: [{ basic: [] }],
    parameters: [ORIGIN, SUPPORT_CSRFP],
    responses: { '200': LOGGED_IN, ...errors(400, 401, 403, 421, 429, 500, 503) },
  };
}

function loginWithConfigurationOrLogout(): Json {
  return {
    operationId: 'loginWithConfigurationOrLogout',
    summary: 'Log in with a configuration (an array, or no body), or log out (an operation, which needs Content-Type application/json)',
    security: [{ basic: [] }, { cookie: [] }],
    parameters: [ORIGIN, SUPPORT_CSRFP, header('X-CSRF-Token', 'For a logout, when the login asked for CSRF protection')],
    requestBody: {
      required: false,
      content: { 'application/json': { schema: { anyOf: [reference('LoginConfiguration'), reference('LogoutRequest')] } } },
    },
    responses: {
      '200': { ...LOGGED_IN, content: json({ anyOf: [reference('LoginAnswer'), reference('DoneAnswer')] }) },
      ...errors(400, 401, 403, 408, 413, 415, 421, 429, 500, 503),
    },
  };
}

function ping(): Json {
  return {
    operationId: 'ping',
    summary: 'Poll: restarts the timer after which the session ends by itself',
    security: [{ basic: [] }, { cookie: [] }],
    parameters: [ORIGIN],
    responses: {
      '200': { description: 'The session is open', content: json(reference('DoneAnswer')) },
      ...errors(401, 403, 421, 429, 500, 503),
    },
  };
}

function version(operationId: string): Json {
  return {
    operationId,
    summary: 'Version of the service',
    responses: { '200': { description: 'The version', content: json(reference('VersionAnswer')) }, ...errors(403, 421, 500, 503) },
  };
}

function status(): Json {
  return {
    operationId: 'status',
    summary: 'Everything the service knows of itself, for tools on the same machine',
    security: [{ statusToken: [] }],
    responses: { '200': { description: 'The snapshot', content: json(reference('Snapshot')) }, ...errors(401, 403, 421, 500, 503) },
  };
}

function retryUploads(): Json {
  return {
    operationId: 'retryUploads',
    summary: 'Try waiting and quarantined recordings again now, for tools on the same machine',
    security: [{ statusToken: [] }],
    requestBody: { required: false, content: json(reference('RetryRequest')) },
    responses: {
      '200': { description: 'They are tried again; what came of it is in the snapshot', content: json(reference('RetryAnswer')) },
      ...errors(400, 401, 403, 404, 408, 413, 415, 421, 500, 503),
    },
  };
}

const ERROR_TEXTS: Readonly<Record<number, string>> = {
  400: 'A parameter is missing (1) or invalid (2); the message names it',
  401: 'No, malformed or refused credentials, or no session (20)',
  403: 'The origin, the user of this computer, the server or the CSRF token is not accepted (3), or RWS refuses the agent (its own code)',
  404: 'No recording of this media id waits (6)',
  408: 'The request came too slowly',
  413: 'The body is larger than 64 KiB',
  415: 'The body is compressed, or an operation is not application/json',
  421: 'The Host header is not a loopback name with the right port',
  429: 'Too many refused credentials; see Retry-After',
  500: 'The service failed',
  503: 'RWS could not be reached or did not answer properly, or the user who calls could not be found out in time; see Retry-After',
};

function errors(...statuses: readonly number[]): Json {
  const headersOf = (httpStatus: number): Json =>
    httpStatus === 429 || httpStatus === 503
      ? { headers: { 'Retry-After': { required: true, schema: { type: 'integer', minimum: 1 }, description: 'Seconds' } } }
      : {};
  return Object.fromEntries(
    statuses.map((httpStatus) => [
      String(httpStatus),
      { description: ERROR_TEXTS[httpStatus] ?? '', ...headersOf(httpStatus), content: json(reference('ErrorAnswer')) },
    ]),
  );
}

function json(schema: Json): Json {
  return { 'application/json': { schema } };
}

function reference(name: SchemaName): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function header(name: string, description: string, required = false): Json {
  return { name, in: 'header', required, description, schema: { type: 'string' } };
}

const ORIGIN = header('Origin', 'An allowed origin; native desktops may leave it out where requireOrigin is false');
const SUPPORT_CSRFP = header('X-Support-CSRFP', '"True" asks for CSRF protection');
const LOGGED_IN: Json = {
  description: 'Done',
  headers: {
    'Set-Cookie': { description: 'SRSSESSIONID; SameSite=None and Secure over https and for https origins', schema: { type: 'string' } },
    'X-CSRF-HEADER': {
      description: 'Name of the header that carries the token, when CSRF protection was asked for',
      schema: { type: 'string' },
    },
    'X-CSRF-TOKEN': { description: 'The token', schema: { type: 'string', format: 'uuid' } },
  },
  content: json(reference('LoginAnswer')),
};

function jsonSchemas(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Json {
  const entries = Object.entries(schemas).map(([name, schema]) => {
    const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
    return [name, rest] as const;
  });
  return Object.fromEntries(entries);
}
