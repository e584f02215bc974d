import { randomUUID } from 'node:crypto';
import { rwsSchema, type RwsConfiguration } from '../../src/config/schema';
import { SystemClock } from '../../src/lib/clock';
import { silentLogger } from '../../src/lib/logger';
import { Secret } from '../../src/lib/secret';
import { createRwsGateway } from '../../src/rws/create-rws-gateway';
import { MemoryCredentialStore } from '../../src/session/memory-credential-store';
import type { CredentialStore, LoginRequest } from '../../src/session/ports';
import type { Credentials, RwsLogin } from '../../src/rws/ports';
import { createServerGate } from '../../src/session/server-gate';
import { SessionRunner, type SessionRunnerDeps } from '../../src/session/session-runner';
import type { RecordedAgent, RecordingCommand } from '../../src/shared/recording';
import { FakeProblems } from '../fakes/fake-problems';

export interface SessionUnderTest {
  readonly runner: SessionRunner;
  readonly problems: FakeProblems;
  readonly store: CredentialStore;
  /** Commands as they came, oldest first. */
  readonly commands: { readonly command: RecordingCommand; readonly agent: RecordedAgent }[];
  /** Reasons a recording was finished for. */
  readonly finished: string[];
  readonly opened: RwsLogin[];
  readonly released: RwsLogin[];
  isRecording: boolean;
}

/** Waits between attempts are chosen at random below a limit: short ones. */
const random = (): number => Math.random() / 5;

export interface SessionUnderTestOptions {
  readonly rws?: Parameters<typeof rwsSchema.parse>[0];
  readonly settings?: Partial<SessionRunnerDeps['settings']>;
  readonly store?: CredentialStore;
  readonly trigger?: 'command' | 'callRecording';
}

/** The real runner on the real gateway, with quick times and the start operation that the simulator knows; whoever makes it calls `runner.stop()`. */
export function createSessionUnderTest(options: SessionUnderTestOptions = {}): SessionUnderTest {
  const config: RwsConfiguration = rwsSchema.parse({
    timeoutSeconds: 2,
    startOperation: 'StartContactCenterSession',
    ...(options.rws as object | undefined),
  });
  const clock = new SystemClock();
  const log = silentLogger;
  const store = options.store ?? new MemoryCredentialStore();
  const problems = new FakeProblems();
  const under = {
    problems,
    store,
    commands: [] as SessionUnderTest['commands'],
    finished: [] as string[],
    opened: [] as RwsLogin[],
    released: [] as RwsLogin[],
    isRecording: false,
  };
  const runner = new SessionRunner({
    gateway: createRwsGateway({
      config,
      trigger: options.trigger ?? 'command',
      clientVersion: '8.5.100.00',
      clock,
      random,
      log,
    }),
    store,
    clock,
    random,
    log,
    newId: randomUUID,
    problems,
    gate: createServerGate({ allowedServers: ['localhost', '127.0.0.1', 'http://localhost', 'http://127.0.0.1'] }),
    settings: { pingTimeoutSeconds: 60, failoverAfterSeconds: 1, failbackProbeSeconds: 0.5, timeoutSeconds: 2, ...options.settings },
    hooks: {
      finishRecording: async (reason) => void under.finished.push(reason),
      isRecording: () => under.isRecording,
      openedLogin: (login) => void under.opened.push(login),
      releaseLogin: (login) => {
        under.released.push(login);
        login.discard();
      },
    },
  });
  runner.onCommand((command, agent) => under.commands.push({ command, agent }));
  return Object.assign(under, { runner });
}

export function credentials(userName = 'ann', password = 'secret'): Credentials {
  return { userName, password: new Secret(password) };
}

export function loginTo(server: string, extra: Partial<LoginRequest> = {}): LoginRequest {
  return { credentials: credentials(), server, details: { devices: [] }, ...extra };
}
