import type { FaultRequest } from './fault';

export interface CatalogueEntry {
  readonly title: string;
  readonly fault: FaultRequest;
}

const refusal = (status: number, statusCode: number, statusMessage: string): FaultRequest['action'] => ({
  type: 'answer',
  status,
  statusCode,
  statusMessage,
});

/** Every failure rws.md names, ready to set: from the control page by its title, from a test by its name. All last until removed, unless `times` is added. */
export const FAULT_CATALOGUE = {
  serverError: { title: 'HTTP 500 on everything', fault: { action: refusal(500, 4, 'Internal error') } },
  overloaded: {
    title: 'HTTP 503 with Retry-After: 2 on everything',
    fault: { action: { type: 'answer', status: 503, headers: { 'Retry-After': '2' }, statusMessage: 'Overloaded' } },
  },
  tooManyRequests: {
    title: 'HTTP 429 with Retry-After: 2 on everything',
    fault: { action: { type: 'answer', status: 429, headers: { 'Retry-After': '2' }, statusMessage: 'Too many requests' } },
  },
  badGateway: { title: 'HTTP 502 with an HTML page on everything', fault: { action: { type: 'html', status: 502 } } },
  hang: { title: 'No answer at all', fault: { action: { type: 'hang' } } },
  slow: { title: 'Every answer 3 s late', fault: { action: { type: 'delay', ms: 3000 } } },
  cutSockets: { title: 'Every socket cut before the answer', fault: { action: { type: 'cutAnswer', atByte: 0 } } },
  flakyLink: { title: '30 % of the requests cut', fault: { probability: 0.3, action: { type: 'cutRequest', atByte: 0 } } },
  html: { title: 'HTML instead of JSON, HTTP 200', fault: { action: { type: 'html' } } },
  brokenJson: { title: 'Answers cut after 10 bytes', fault: { action: { type: 'cutAnswer', atByte: 10 } } },
  silentAnswer: { title: 'Answers that stop after 10 bytes, socket open', fault: { action: { type: 'stallAnswer', atByte: 10 } } },
  splitUtf8: { title: 'Answers byte by byte (UTF-8 split)', fault: { action: { type: 'splitAnswer' } } },
  unauthorised: { title: '401 on everything', fault: { action: refusal(401, 20, 'Not authenticated') } },
  sessionGone: {
    title: '403 with code 20 once: log in again',
    fault: { target: 'me', method: 'POST', times: 1, action: refusal(403, 20, 'Not authenticated') },
  },
  csrfRefused: {
    title: '403 "Missing or invalid Csrf token" once',
    fault: { method: 'POST', times: 1, action: refusal(403, 3, 'Missing or invalid Csrf token') },
  },
  agentForbidden: { title: 'GET me: 403 with code 3', fault: { target: 'me', method: 'GET', action: refusal(403, 3, 'Forbidden') } },
  agentNotAuthorised: {
    title: 'GET me: 403 with code 5',
    fault: { target: 'me', method: 'GET', action: refusal(403, 5, 'Not authorised') },
  },
  passwordChange: {
    title: 'GET me: 403 with code 8 (password change needed)',
    fault: { target: 'me', method: 'GET', action: refusal(403, 8, 'Password change needed') },
  },
  handshakeRefused: { title: 'Handshake: 403 with code 3', fault: { target: 'handshake', action: refusal(403, 3, 'Forbidden') } },
  pollUnauthorised: { title: 'Poll: 401', fault: { target: 'connect', times: 1, action: refusal(401, 20, 'Not authenticated') } },
  pollSessionGone: {
    title: 'Poll: 403 with code 20',
    fault: { target: 'connect', times: 1, action: refusal(403, 20, 'Not authenticated') },
  },
  pollCsrfRefused: {
    title: 'Poll: 403 Csrf',
    fault: { target: 'connect', times: 1, action: refusal(403, 3, 'Missing or invalid Csrf token') },
  },
  pollForbidden: { title: 'Poll: 403, final', fault: { target: 'connect', times: 1, action: refusal(403, 3, 'Forbidden') } },
  pollHtml: { title: 'Poll: HTML instead of JSON', fault: { target: 'connect', times: 1, action: { type: 'html' } } },
  pollHang: { title: 'Poll: never answered', fault: { target: 'connect', times: 1, action: { type: 'hang' } } },
  pollCut: { title: 'Poll: socket cut', fault: { target: 'connect', times: 1, action: { type: 'cutRequest', atByte: 0 } } },
  unknownClient: { title: '402, advice reconnect: handshake', fault: { target: 'connect', times: 1, action: { type: 'unknownClient' } } },
  unknownSession: {
    title: '402::session_unknown, advice with an interval',
    fault: { target: 'connect', times: 1, action: { type: 'unknownClient', error: '402::session_unknown', interval: 500 } },
  },
  unknownClientRetry: {
    title: '402, advice reconnect: retry',
    fault: { target: 'connect', times: 1, action: { type: 'unknownClient', reconnect: 'retry' } },
  },
  unknownClientNone: {
    title: '402, advice reconnect: none',
    fault: { target: 'connect', times: 1, action: { type: 'unknownClient', reconnect: 'none' } },
  },
  unknownClientNoAdvice: {
    title: '402, no advice',
    fault: { target: 'connect', times: 1, action: { type: 'unknownClient', reconnect: null } },
  },
  demandCookie: { title: 'One more cookie to return', fault: { target: 'me', times: 1, action: { type: 'demandCookie' } } },
  reportsUnknown: { title: 'Reports: 405', fault: { target: 'report', action: refusal(405, 2, 'Method not allowed') } },
  uploadCutAtStart: {
    title: 'Upload: cut at the first byte',
    fault: { target: 'upload', times: 1, action: { type: 'cutRequest', atByte: 0 } },
  },
  uploadCutInTheMiddle: {
    title: 'Upload: cut after 64 kB',
    fault: { target: 'upload', times: 1, action: { type: 'cutRequest', atByte: 65_536 } },
  },
  uploadCutAtLastByte: {
    title: 'Upload: cut before the last byte',
    fault: { target: 'upload', times: 1, action: { type: 'cutRequest', atByte: -1 } },
  },
  uploadAnswerLost: {
    title: 'Upload: stored, but the answer is lost',
    fault: { target: 'upload', times: 1, action: { type: 'cutAnswer', atByte: 0 } },
  },
  uploadStalls: {
    title: 'Upload: read no further than 64 kB',
    fault: { target: 'upload', times: 1, action: { type: 'stallRequest', atByte: 65_536 } },
  },
  uploadTooLarge: { title: 'Upload: 413', fault: { target: 'upload', action: refusal(413, 2, 'The media is too large') } },
  uploadRefused: { title: 'Upload: 400', fault: { target: 'upload', action: refusal(400, 10, 'Input validation failed') } },
  uploadForbidden: { title: 'Upload: 403, final', fault: { target: 'upload', action: refusal(403, 3, 'Forbidden') } },
  uploadTimeout: { title: 'Upload: 408', fault: { target: 'upload', times: 1, action: refusal(408, 4, 'Request timeout') } },
  uploadWrongHash: { title: 'Upload: answered with a wrong sha256', fault: { target: 'upload', times: 1, action: { type: 'misreport' } } },
  uploadWrongSize: {
    title: 'Upload: answered with a wrong size',
    fault: { target: 'upload', times: 1, action: { type: 'misreport', size: '1' } },
  },
  resumableCut: {
    title: 'Resumable upload: cut after 64 kB',
    fault: { target: 'resumable', method: 'PATCH', times: 1, action: { type: 'cutRequest', atByte: 65_536 } },
  },
  resumableAnswerLost: {
    title: 'Resumable upload: stored, but the answer is lost',
    fault: { target: 'resumable', method: 'PATCH', times: 1, action: { type: 'cutAnswer', atByte: 0 } },
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type FaultName = keyof typeof FAULT_CATALOGUE;
