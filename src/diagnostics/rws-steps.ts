import { lookup } from 'node:dns/promises';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import { connect, TLSSocket, type SecureContext } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { Configuration } from '../config/schema';
import { toNetworkError, type SeenCertificate } from '../rws/http/network-error';
import { findProxy } from '../rws/http/proxy';
import { createTrust } from '../rws/http/trust';
import { describeError } from '../shared/errors';
import { failed, ok, skipped, warning, withinStepLimit, type StepResult } from './step';

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

interface Way {
  readonly server: string;
  readonly trust: SecureContext;
  readonly proxy: string | undefined;
  readonly timeoutMs: number;
}

const MAX_BODY = 64 * 1024;

/** The way to one RWS server, step by step, without credentials; stops at the first failure. */
export async function rwsSteps(server: string, config: Configuration, note: (result: StepResult) => void): Promise<void> {
  const results = { push: (...steps: readonly StepResult[]) => steps.forEach(note) };
  const label = (step: string): string => `${new URL(server).host}: ${step}`;
  const leftOut: string[] = [];
  try {
    const way: Way = {
      server: server.replace(/\/$/, ''),
      trust: await createTrust({ caFile: config.rws.ca, onLeftOut: (what) => leftOut.push(what) }),
      proxy: findProxy(server, config.rws.proxy),
      timeoutMs: config.rws.timeoutSeconds * 1000,
    };
    results.push(...leftOut.map((what) => trustWarning(label('trust'), what)), proxyStep(label('proxy'), way));
    results.push(await withinStepLimit(nameStep(label('name'), way)));
    results.push(await withinStepLimit(tlsStep(label('TLS'), way)));
    const version = await withinStepLimit(send(way, 'GET', config.rws.paths.version));
    results.push(versionStep(label('version'), version));
    results.push(csrfStep(label('CSRF'), version));
    results.push(
      cometdStep(label('CometD'), await withinStepLimit(send(way, 'POST', `${config.rws.paths.notifications}/handshake`, HANDSHAKE))),
    );
  } catch (error) {
    results.push(failed(label('connection'), describeError(error), 'See docs/administrators.md, “The way to RWS”.'));
  }
}

const HANDSHAKE = JSON.stringify([{ channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'] }]);

function trustWarning(name: string, what: string): StepResult {
  return warning(
    name,
    `Left out: ${what}.`,
    'Remove what cannot be read; RWS of a private authority can be trusted by its CA file in rws.ca.',
  );
}

function proxyStep(name: string, { proxy }: Way): StepResult {
  return proxy === undefined ? ok(name, 'No proxy: a direct way.') : ok(name, `Through the proxy ${new URL(proxy).host}.`);
}

async function nameStep(name: string, { server, proxy }: Way): Promise<StepResult> {
  if (proxy !== undefined) return skipped(name, 'The proxy looks the name up.');
  const { hostname } = new URL(server);
  try {
    const addresses = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
    return ok(name, `${hostname} is ${addresses.map(({ address }) => address).join(', ')}.`);
  } catch (error) {
    throw toNetworkError(error, server);
  }
}

async function tlsStep(name: string, way: Way): Promise<StepResult> {
  if (!way.server.startsWith('https:'))
    return warning(name, 'Plain http: credentials and recordings travel unprotected.', 'Use an https address for RWS.');
  if (way.proxy !== undefined) return skipped(name, 'Checked with the first request, through the proxy.');
  const { subject, issuer, protocol, validTo } = await shakeHands(way);
  return ok(name, `${protocol}; certificate of “${subject}”, issued by “${issuer}”, valid until ${validTo}.`);
}

function shakeHands({ server, trust, timeoutMs }: Way): Promise<SeenCertificate & { protocol: string; validTo: string }> {
  const url = new URL(server);
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // Looked at before it is judged, so that a refused certificate can be named.
    const socket = connect({
      host,
      port: Number(url.port || 443),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext: trust,
      rejectUnauthorized: false,
      timeout: timeoutMs,
    });
    socket.once('timeout', () => socket.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })));
    socket.once('error', (error) => reject(toNetworkError(error, server)));
    socket.once('secureConnect', () => {
      const seen = certificateOf(socket);
      const { authorizationError } = socket;
      socket.destroy();
      if (socket.authorized) resolve(seen);
      else reject(toNetworkError(Object.assign(new Error('certificate refused'), { code: String(authorizationError) }), server, seen));
    });
  });
}

function certificateOf(socket: TLSSocket): SeenCertificate & { protocol: string; validTo: string } {
  const { subject, issuer, valid_to: validTo } = socket.getPeerCertificate();
  return {
    subject: String(subject?.CN ?? ''),
    issuer: String(issuer?.CN ?? issuer?.O ?? ''),
    protocol: socket.getProtocol() ?? 'TLS',
    validTo,
  };
}

function versionStep(name: string, { status, body }: Answer): StepResult {
  if (status >= 200 && status < 300 && isJson(body)) return ok(name, 'RWS answers its version.');
  return warning(
    name,
    `${status}${isJson(body) ? '' : ', and no JSON'} for the version: this may not be RWS.`,
    'Check the address; check whether a proxy or a portal answers in its place.',
  );
}

function csrfStep(name: string, { headers }: Answer): StepResult {
  const header = headers['x-csrf-header'];
  return ok(name, header === undefined ? 'No CSRF token before the login.' : `CSRF protection is on (${String(header)}).`);
}

function cometdStep(name: string, { status, body }: Answer): StepResult {
  if (status === 401 || status === 403) return ok(name, `The notifications path is there; it asks for a login (${status}).`);
  if (status === 200 && isJson(body)) return ok(name, 'The notifications path answers a handshake.');
  return failed(
    name,
    `${status}${isJson(body) ? '' : ', and no JSON'} for a handshake: recording commands cannot arrive.`,
    'Let /api/v2/notifications through the proxy and the load balancer, long polls included.',
  );
}

function send(way: Way, method: string, path: string, body?: string): Promise<Answer> {
  const { server, trust, proxy, timeoutMs } = way;
  const url = new URL(server + path);
  const transport = url.protocol === 'https:' ? https : http;
  const agent = proxy === undefined ? undefined : new HttpsProxyAgent(proxy, { secureContext: trust });
  return new Promise((resolve, reject) => {
    const request = transport.request(
      url,
      {
        method,
        timeout: timeoutMs,
        ...(agent === undefined ? {} : { agent }),
        ...(url.protocol === 'https:' ? { secureContext: trust } : {}),
        headers: body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text = (text + chunk).slice(0, MAX_BODY)));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
        response.once('error', (error) => reject(toNetworkError(error, server)));
      },
    );
    request.once('timeout', () => request.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })));
    request.once('error', (error) => reject(toNetworkError(error, server)));
    request.end(body);
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
