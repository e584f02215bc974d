import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { NodeAdapter } from 'faye';
import { createSessionUnderTest, loginTo, type SessionUnderTest } from '../../support/session-under-test';
import { envelope, ME } from '../../support/scripted-rws';
import { until } from '../../support/until';

const MOUNT = '/api/v2/notifications';

/** RWS with another, independent Bayeux server: faye names an unknown client `401`, holds and closes polls its own way. */
class FayeRws {
  /** Faye's own publisher is among them. */
  readonly #clients: string[] = [];
  handshakes = 0;
  readonly operations: string[] = [];
  /** Answers the next poll instead of faye. */
  onNextPoll: ((response: ServerResponse) => void) | undefined;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #faye: NodeAdapter | undefined;

  async start(port = 0): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { operationName } = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { operationName?: string };
        if (operationName !== undefined) this.operations.push(operationName);
        envelope(response, 200, request.method === 'GET' ? ME : {});
      });
    });
    this.#faye = new NodeAdapter({ mount: MOUNT, timeout: 1 });
    this.#faye.on('handshake', (clientId) => this.#clients.push(clientId));
    this.#faye.attach(server);
    this.#intercept(server);
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async restart(): Promise<void> {
    const port = (this.#server?.address() as AddressInfo).port;
    await this.stop();
    await this.start(port);
  }

  async stop(): Promise<void> {
    this.#faye?.getClient().disconnect();
    this.#faye?.close();
    this.cut();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  cut(): void {
    this.#sockets.forEach((socket) => socket.destroy());
  }

  forget(): void {
    this.#faye?._server._engine.destroyClient(this.#clients.at(-1) ?? '');
  }

  command(operationName: string, id: string): void {
    const data = { messageType: 'ScreenRecordingMessage', operationName, recording: { id, region: 'Zürich – 東京' } };
    void this.#faye?.getClient().publish('/v2/me/screen-recording', data);
  }

  #intercept(server: Server): void {
    const [fayes] = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (request.url === `${MOUNT}/handshake`) this.handshakes += 1;
      const answer = request.url === `${MOUNT}/connect` ? this.onNextPoll : undefined;
      if (answer === undefined) return fayes?.(request, response);
      this.onNextPoll = undefined;
      answer(response);
    });
  }
}

describe('with faye as the Bayeux server', () => {
  let rws: FayeRws;
  let session: SessionUnderTest;

  beforeEach(async () => {
    rws = new FayeRws();
    const server = await rws.start();
    session = createSessionUnderTest({ rws: { timeoutSeconds: 1 }, settings: { timeoutSeconds: 1 } });
    await session.runner.login(loginTo(server));
  });

  afterEach(async () => {
    await session.runner.stop();
    await rws.stop();
  });

  const expectObedience = async (id: string): Promise<void> => {
    await until('the session to be back', () => session.runner.state().status === 'connected');
    rws.command('StartScreenRecording', id);
    await until('the start command', () => session.commands.length > 0);
    expect(session.commands).toMatchObject([{ command: { type: 'start', recording: { id, region: 'Zürich – 東京' } } }]);
  };

  it('logs in, obeys every command, logs out', async () => {
    await expectObedience('r1');
    for (const operation of ['Pause', 'Resume', 'Stop']) rws.command(`${operation}ScreenRecording`, 'r1');
    await until('the other commands', () => session.commands.length === 4);
    expect(session.commands.map(({ command }) => command.type)).toEqual(['start', 'pause', 'resume', 'stop']);
    await session.runner.logout(session.runner.current()?.sessionId ?? '');
    expect(rws.operations).toEqual(['StartContactCenterSession', 'EndContactCenterSession']);
    expect(rws.handshakes).toBe(1);
  });

  it.each<readonly [string, number, () => void | Promise<void>]>([
    ['a cut socket', 1, () => rws.cut()],
    ['a forgotten client', 2, () => rws.forget()],
    ['a restart', 2, () => rws.restart()],
    [
      'HTML on a poll',
      1,
      () => void (rws.onNextPoll = (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>')),
    ],
    ['502 on a poll', 1, () => void (rws.onNextPoll = (response) => response.writeHead(502).end())],
    ['401 on a poll', 2, () => void (rws.onNextPoll = (response) => response.writeHead(401).end())],
    // Longer than faye keeps a client that does not poll.
    ['a hang on a poll', 2, () => void (rws.onNextPoll = () => undefined)],
  ])('is back after %s', async (_what, handshakes, happen) => {
    const seen: string[] = [];
    session.runner.onState(({ status }) => seen.push(status));
    const before = session.runner.state();
    await happen();
    // A cut poll on a fresh connection may be restored before anybody sees more than new contact.
    await until(
      'the outage or the next contact',
      () => seen.includes('reconnecting') || JSON.stringify(session.runner.state()) !== JSON.stringify(before),
    );
    if (handshakes > 1) await until('a new handshake', () => rws.handshakes === handshakes);
    await expectObedience('r2');
    expect(rws.handshakes).toBe(handshakes);
  });
});
