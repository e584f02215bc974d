import type { TLSSocket } from 'node:tls';
import type { Configuration } from '../config/schema';
import { toNetworkError } from '../rws/http/network-error';
import { ProxyFinder } from '../rws/http/proxy-finder';
import { createTrust } from '../rws/http/trust';
import { isAppError } from '../shared/errors';
import { clockStep } from './clock-step';
import type { ExaminedMachine } from './examined-machine';
import { proxyStep } from './proxy-step';
import { cometdStep, csrfStep, versionStep } from './rws-answers';
import { failed, following, ok, skipped, warning, type Step, type StepResult } from './step';
import { ask, openSocket, openTls, type Answer, type Way } from './way-to-rws';

const HANDSHAKE = JSON.stringify([{ channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'] }]);
const SEE_GUIDE = 'See docs/administrators.md, “The way to RWS”.';
const DATES = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

/** The way to one RWS server, without credentials; each step needs those before it. */
export function rwsSteps(server: string, config: Configuration, machine: ExaminedMachine): readonly Step[] {
  const url = new URL(server);
  const look = new Look(url, config, machine);
  const names: string[] = [];
  const step = (name: string, make: (label: string) => Promise<StepResult>, remedy = SEE_GUIDE): Step => {
    const label = `${url.host}: ${name}`;
    const needs = [...names];
    // A wrong clock stops what depends on it by itself, and nothing else.
    if (name !== 'clock') names.push(label);
    return {
      name: label,
      remedy,
      needs,
      look: () => make(label).catch((error: unknown) => Promise.reject(isAppError(error) ? error : toNetworkError(error, server))),
    };
  };
  return [
    step('trust', (name) => look.trust(name), 'Correct rws.ca.'),
    step('proxy', (name) => proxyStep(name, look.way), 'Correct rws.proxy, or the variables HTTPS_PROXY and NO_PROXY.'),
    step('name', (name) => look.name(name)),
    step('connection', (name) => look.connection(name), 'Check the address and port, that RWS runs, and that no firewall is between.'),
    step('clock', (name) => look.clock(name)),
    step('TLS', (name) => look.tls(name)),
    step('version', (name) => look.version(name)),
    step('CSRF', async (name) => csrfStep(name, look.answered)),
    step('CometD', async (name) => cometdStep(name, await look.handshake)),
  ];
}

/** What the steps of one server hand on to each other. */
class Look {
  readonly #server: URL;
  readonly #config: Configuration;
  readonly #machine: ExaminedMachine;
  #way: Way | undefined;
  #clock: StepResult | undefined;
  #version: Answer | undefined;
  #handshake: Promise<Answer> | undefined;

  constructor(server: URL, config: Configuration, machine: ExaminedMachine) {
    this.#server = server;
    this.#config = config;
    this.#machine = machine;
  }

  get way(): Way {
    return made(this.#way);
  }

  get answered(): Answer {
    return made(this.#version);
  }

  get handshake(): Promise<Answer> {
    return made(this.#handshake);
  }

  async trust(name: string): Promise<StepResult> {
    const { rws } = this.#config;
    const leftOut: string[] = [];
    const trust = await createTrust({ caFile: rws.ca, onLeftOut: (what) => leftOut.push(what) });
    const { env, systemProxy: system, now } = this.#machine;
    const route = await new ProxyFinder({ configured: rws.proxy, environment: { ...env }, system, steady: now }).find(this.#server.href);
    const { proxy } = route;
    this.#way = {
      server: this.#server,
      trust,
      route,
      proxy: proxy === undefined ? undefined : new URL(proxy),
      timeoutMs: rws.timeoutSeconds * 1000,
    };
    if (leftOut.length === 0) return ok(name, 'The known authorities can be read.');
    const remedy = 'Remove what cannot be read; RWS of a private authority can be trusted by its CA file in rws.ca.';
    return warning(name, `Left out: ${leftOut.join('; ')}.`, remedy);
  }

  async name(name: string): Promise<StepResult> {
    if (this.way.proxy !== undefined) return skipped(name, 'The proxy looks the name up.');
    const addresses = await this.#machine.resolveName(this.#server.hostname.replace(/^\[|\]$/g, ''));
    return ok(name, `${this.#server.hostname} is ${addresses.join(', ')}.`);
  }

  async connection(name: string): Promise<StepResult> {
    (await openSocket(this.way)).destroy();
    return ok(name, this.way.proxy === undefined ? 'The port is open.' : 'The proxy connects to it.');
  }

  async clock(name: string): Promise<StepResult> {
    this.#clock = await clockStep(name, this.way, { path: this.#config.rws.paths.version, now: () => this.#machine.now() });
    return this.#clock;
  }

  async tls(name: string): Promise<StepResult> {
    if (this.#server.protocol !== 'https:')
      return warning(name, 'Plain http: credentials and recordings travel unprotected.', 'Use an https address for RWS.');
    const socket = await openTls(this.way);
    try {
      return this.#judge(name, socket);
    } finally {
      socket.destroy();
    }
  }

  #judge(name: string, socket: TLSSocket): StepResult {
    const { subject, issuer, valid_from: from, valid_to: to } = socket.getPeerCertificate();
    const seen = { subject: String(subject?.CN ?? ''), issuer: String(issuer?.CN ?? issuer?.O ?? '') };
    if (socket.authorized) {
      return ok(name, `${socket.getProtocol() ?? 'TLS'}; certificate of “${seen.subject}”, issued by “${seen.issuer}”, valid until ${to}.`);
    }
    const code = String(socket.authorizationError);
    const { statusMessage = code } = toNetworkError(Object.assign(new Error('certificate refused'), { code }), this.#server.href, seen);
    if (!DATES.includes(code)) return failed(name, statusMessage, SEE_GUIDE);
    if (this.#clock?.outcome === 'failed') return following(name, this.#clock.name);
    const text = `The certificate is valid from ${from} to ${to}, and this computer's clock says ${new Date(this.#machine.now()).toUTCString()}.`;
    return failed(name, text, 'Renew the certificate of RWS.');
  }

  async version(name: string): Promise<StepResult> {
    const { version, notifications } = this.#config.rws.paths;
    this.#handshake = ask(this.way, { method: 'POST', path: `${notifications}/handshake`, body: HANDSHAKE });
    this.#handshake.catch(() => undefined); // its own step tells
    this.#version = await ask(this.way, { method: 'GET', path: version });
    return versionStep(name, this.#version, await this.#handshake.catch(() => undefined));
  }
}

function made<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A step was left out.');
  return value;
}
