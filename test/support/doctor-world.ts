import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttp, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyToPem } from '../../src/certificate/own-certificate-files';
import { issueAuthority, issueServer, LOOPBACK_NAMES, type Issued, type Validity } from '../../src/certificate/issue';
import { loadForDiagnosis } from '../../src/config/load-for-diagnosis';
import { thisMachine, type ExaminedMachine } from '../../src/diagnostics/examined-machine';
import { examine } from '../../src/diagnostics/doctor';
import type { StepResult } from '../../src/diagnostics/step';
import { FakeKeychain } from '../fakes/fake-keychain';

const DAY_MS = 86_400_000;

/** From and to, in days from now. */
export const days = (from: number, to: number): Validity => ({
  notBefore: new Date(Date.now() + from * DAY_MS),
  notAfter: new Date(Date.now() + to * DAY_MS),
});

export const pem = ({ certificate, key }: Issued): { cert: string; key: string } => ({ cert: certificate.toString(), key: keyToPem(key) });

/** Answers as RWS does to who is not signed in. */
export const asRws: RequestListener = (request, response) => {
  if (request.url?.includes('handshake')) response.writeHead(401).end();
  else response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"statusCode":0}');
};

/** A computer on which nothing is wrong, with an RWS over https that it trusts; a test plants one fault in it. */
export class DoctorWorld {
  readonly keychain = new FakeKeychain();
  readonly env: Record<string, string> = {};
  machine: ExaminedMachine;
  /** How long a step may take. */
  limitMs = 10_000;
  readonly #servers: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

  private constructor(
    readonly directory: string,
    readonly authority: Issued,
  ) {
    const found = { findBrowser: () => Promise.resolve('/usr/bin/chromium'), startsAtLogin: () => Promise.resolve(true) };
    this.machine = { ...thisMachine(), platform: 'win32', env: {}, ...found };
  }

  static async create(): Promise<DoctorWorld> {
    const world = new DoctorWorld(await mkdtemp(join(tmpdir(), 'srs-doctor-')), await issueAuthority(days(-800, 800)));
    await mkdir(world.data, { mode: 0o700 });
    const ca = await world.write('ca.pem', world.authority.certificate.toString());
    Object.assign(world.env, { SRS_HTTP_PORT: '0', SRS_HTTPS_PORT: '0', SRS_DATA_DIRECTORY: world.data, SRS_RWS_CA: ca });
    world.env['SRS_SERVER'] = await world.startRws();
    return world;
  }

  get data(): string {
    return join(this.directory, 'data');
  }

  /** A file in the world's folder. @returns its path */
  async write(name: string, content: string | object): Promise<string> {
    const path = join(this.directory, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  issue(validity = days(-1, 60), names = LOOPBACK_NAMES): Promise<Issued> {
    return issueServer({ ...validity, names, authority: this.authority.certificate, authorityKey: this.authority.key });
  }

  async startRws(listener = asRws, options?: ServerOptions): Promise<string> {
    return `https://127.0.0.1:${await this.listen(createHttps(options ?? pem(await this.issue()), listener))}`;
  }

  async startPlain(listener = asRws): Promise<number> {
    return this.listen(createHttp(listener));
  }

  async startSilent(): Promise<number> {
    return this.listen(createTcp(() => undefined));
  }

  /** Answers every CONNECT alike. @returns its address */
  async startProxy(answer: string): Promise<string> {
    const proxy = createHttp().on('connect', (_request: IncomingMessage, socket: Socket) => socket.end(`HTTP/1.1 ${answer}\r\n\r\n`));
    return `http://127.0.0.1:${await this.listen(proxy)}`;
  }

  /** A port at which nobody is. */
  async closedPort(): Promise<number> {
    const server = createTcp();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  async examine(): Promise<readonly StepResult[]> {
    const places = { machineFile: join(this.directory, 'machine.json'), userFile: join(this.data, 'config.json') };
    const policies = join(this.directory, 'policies');
    const diagnosed = await loadForDiagnosis({ env: this.env, isInstalled: false, ...places, policies });
    // What a fault leaves are the defaults of this user: the world's own folder is meant.
    const config = { ...diagnosed.config, dataDirectory: this.data };
    return examine({ config, fault: diagnosed.fault, keychain: this.keychain, machine: this.machine }, { limitMs: this.limitMs });
  }

  async dispose(): Promise<void> {
    for (const { server, sockets } of this.#servers) {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    }
    await rm(this.directory, { recursive: true, force: true });
  }

  async listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined); // the doctor's own error tells
    });
    this.#servers.push({ server, sockets });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
}
