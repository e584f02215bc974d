import { createInterface } from 'node:readline';
import { loadConfiguration } from '../../src/config/load-configuration';
import { composeHost } from '../../src/host/compose-host';
import { silentLogger } from '../../src/lib/logger';
import { lookAtLogind } from '../../src/lib/logind';
import { CaptureError } from '../../src/screen/errors';
import { FakeKeychain } from '../fakes/fake-keychain';
import { sendRequest, type TestRequest } from './http-request';

type Tasks = Readonly<Record<string, (value: never) => Promise<unknown>>>;

/** What a service says of itself. */
export interface SeatState {
  readonly isListening: boolean;
  /** The agent who is signed in to it. */
  readonly agent: string | null;
  /** Whose recording was begun, one entry each. */
  readonly recorded: readonly string[];
}

/** A user's service; its settings come from the environment. Its capture notes for whom it is started, and gives no picture. */
async function service(): Promise<Tasks> {
  const uid = Number(process.env['SEAT_UID']);
  process.geteuid = () => uid; // whom it takes itself for where nobody else can be played
  const recorded: string[] = [];
  const none = `${process.env['SRS_DATA_DIRECTORY']}/none.json`;
  const config = await loadConfiguration({ machineFile: none, userFile: none, policies: none });
  const host = composeHost({
    config,
    capture: {
      warm: () => Promise.resolve(),
      cool: () => Promise.resolve(),
      onLost: () => () => undefined,
      start: () => {
        recorded.push(host.service.current()?.user.userName ?? 'nobody');
        return Promise.reject(new CaptureError('noSource', 'there is no screen'));
      },
    },
    log: silentLogger,
    isDemo: false,
    keychain: Object.assign(new FakeKeychain(), { stop: () => Promise.resolve() }),
    directory: { hold: () => Promise.resolve() },
  });
  const look = lookAtLogind({ env: process.env, uid });
  await host.start();
  return {
    look: async () => {
      const place = await look();
      if (place !== undefined && place !== 'locked') host.power.inFront(place === 'front');
    },
    state: () =>
      Promise.resolve<SeatState>({
        isListening: host.service.snapshot().endpoints.length > 0,
        agent: host.service.current()?.user.userName ?? null,
        recorded,
      }),
    stop: () => host.stop(),
  };
}

/** A user's agent desktop: sends what it is told to, and says the status; 0 where nobody listens. */
function desktop(): Tasks {
  return {
    send: ({ base, ...request }: TestRequest & { readonly base: string }) =>
      sendRequest(base, request).then(
        ({ status }) => status,
        () => 0,
      ),
  };
}

async function main(): Promise<void> {
  const tasks = process.argv[2] === 'service' ? await service() : desktop();
  const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  say({ id: 0, value: 'ready' });
  createInterface(process.stdin)
    .on('line', (line) => {
      const { id, task, value } = JSON.parse(line) as { readonly id: number; readonly task: string; readonly value: never };
      void tasks[task]?.(value).then(
        (result) => say({ id, value: result }),
        (error: unknown) => say({ id, error: String(error) }),
      );
    })
    // Whoever started it is gone.
    .on('close', () => process.exit(0));
}

void main();
