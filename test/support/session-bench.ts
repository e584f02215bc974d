import { silentLogger } from '../../src/lib/logger';
import { Secret } from '../../src/lib/secret';
import type { LoginRequest } from '../../src/session/ports';
import type { RwsLogin } from '../../src/rws/ports';
import { createServerGate } from '../../src/session/server-gate';
import { SessionRunner } from '../../src/session/session-runner';

import type { RecordedAgent, RecordingCommand } from '../../src/shared/recording';
import { FakeClock } from '../fakes/fake-clock';
import { FakeCredentialStore } from '../fakes/fake-credential-store';
import { FakeProblems } from '../fakes/fake-problems';
import { FakeRwsGateway } from '../fakes/fake-rws-gateway';

export const PRIMARY = 'https://primary.example';
export const PEER = 'https://peer.example';

/** The runner between fakes: RWS, keychain, clock, problems and the parts around it. */
export class SessionBench {
  readonly clock = new FakeClock();
  readonly gateway = new FakeRwsGateway();
  readonly store = new FakeCredentialStore();
  readonly problems = new FakeProblems();
  readonly log: string[] = [];
  readonly commands: { command: RecordingCommand; agent: RecordedAgent }[] = [];
  isRecording = false;
  readonly runner: SessionRunner;
  #ids = 0;

  constructor(settings: { server?: string; peer_server?: string } = {}, allowedServers = ['*.example']) {
    this.runner = new SessionRunner({
      gateway: this.gateway,
      store: this.store,
      clock: this.clock,
      random: () => 0.5,
      log: silentLogger,
      newId: () => `session-${(this.#ids += 1)}`,
      problems: this.problems,
      gate: createServerGate({ ...settings, allowedServers }),
      settings: { pingTimeoutSeconds: 60, failoverAfterSeconds: 30, failbackProbeSeconds: 30, timeoutSeconds: 10 },
      hooks: {
        finishRecording: async () => {
          this.log.push('finish');
          this.isRecording = false;
        },
        isRecording: () => this.isRecording,
        openedLogin: (login) => this.log.push(`opened ${this.#name(login)}`),
        releaseLogin: (login) => this.log.push(`released ${this.#name(login)}`),
      },
    });
    this.runner.onCommand((command, agent) => this.commands.push({ command, agent }));
  }

  /** RWS accepts everything, except what the script refuses. */
  static accepting(settings: { server?: string; peer_server?: string } = { server: PRIMARY }, allowedServers?: string[]): SessionBench {
    const bench = new SessionBench(settings, allowedServers);
    bench.gateway.script = () => undefined;
    return bench;
  }

  asked(): string[] {
    return this.gateway.signIns.map(({ server, credentials }) => `${credentials.userName}@${new URL(server).hostname.split('.')[0]}`);
  }

  #name({ user, http }: RwsLogin): string {
    return `${user.userName}@${new URL(http.server).hostname.split('.')[0]}`;
  }
}

export const login = (userName = 'ann', extra: Partial<LoginRequest> = {}): LoginRequest => ({
  credentials: { userName, password: new Secret('secret') },
  details: { devices: [] },
  ...extra,
});
export const both = { server: PRIMARY, peer_server: PEER };
export const start = (id: string): RecordingCommand => ({ type: 'start', recording: { id } });

/** Moves time on until the promise has settled. */
export async function settled<T>(clock: FakeClock, promise: Promise<T>, maxMs = 60_000): Promise<T> {
  let isDone = false;
  promise.then(
    () => (isDone = true),
    () => (isDone = true),
  );
  for (let passed = 0; !isDone && passed <= maxMs; passed += 250) await clock.advance(250);
  return promise;
}
