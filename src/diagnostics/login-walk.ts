import { createRwsGateway } from '../rws/create-rws-gateway';
import type { RwsLogin } from '../rws/ports';
import { holdingTimers, SystemClock } from '../lib/clock';
import { endsWithin, withDeadline } from '../lib/deadline';
import { silentLogger } from '../lib/logger';
import { AppError, describeError } from '../shared/errors';
import { printable } from '../shared/printable';
import { isRwsError } from '../shared/rws-error';
import { LoginNames } from './login-names';
import { uploadTrial } from './upload-trial';
import { Unknown, type Walk, type WalkResult } from './walk';

interface WalkStep {
  readonly name: string;
  readonly isOptional?: boolean;
  /** The steps without which this one cannot be made. */
  readonly needs?: readonly string[];
  /** Resolves with what holds. Throws what was refused, or `Unknown`. */
  readonly ask: (signal: AbortSignal) => Promise<string>;
}

const STEP_LIMIT_MS = 10_000;
const LOGOUT_LIMIT_MS = 5000;
const LOGIN = 'login';
const HANDSHAKE = 'CometD handshake';
const UPLOAD = 'upload';

/** Signs in at one server and tries what the service would use there; signs out at the end, whatever happens. Never throws. */
export async function walkLogin(walk: Walk): Promise<readonly WalkResult[]> {
  const results: WalkResult[] = [];
  const note = (result: WalkResult): void => {
    results.push(result);
    walk.onResult?.(result);
  };
  const visit = new Visit(walk);
  try {
    for (const step of stepsOf(walk, visit)) note(await resultOf(step, walk, results));
  } finally {
    note(await visit.leave());
  }
  return results;
}

function stepsOf({ config, isUploadTried }: Walk, visit: Visit): readonly WalkStep[] {
  const { paths, startOperation } = config.rws;
  const afterLogin = [LOGIN];
  return [
    { name: `version (${paths.version})`, isOptional: true, ask: (signal) => visit.version(signal) },
    { name: LOGIN, ask: (signal) => visit.signIn(signal) },
    { name: 'contact centre id', needs: afterLogin, ask: async () => visit.contactCenter() },
    { name: 'CSRF', needs: afterLogin, ask: (signal) => visit.names.csrf(signal) },
    { name: 'cookies kept', needs: afterLogin, ask: (signal) => visit.names.cookies(signal) },
    {
      name: `start operation (${startOperation ?? 'none'})`,
      isOptional: true,
      needs: afterLogin,
      ask: (signal) => visit.names.start(signal),
    },
    { name: HANDSHAKE, needs: afterLogin, ask: (signal) => visit.names.handshake(signal) },
    { name: `CometD subscribe (${config.rws.channel})`, needs: [LOGIN, HANDSHAKE], ask: (signal) => visit.names.subscribe(signal) },
    { name: 'CometD poll', needs: [LOGIN, HANDSHAKE], ask: (signal) => visit.names.poll(signal) },
    { name: 'tus', isOptional: true, needs: [LOGIN, 'contact centre id'], ask: (signal) => visit.names.tus(signal) },
    {
      name: UPLOAD,
      isOptional: !isUploadTried,
      needs: [LOGIN, 'contact centre id'],
      ask: (signal) => (isUploadTried ? visit.upload(signal) : Promise.reject(new Unknown('Not tried: --upload-test sends a file.'))),
    },
  ];
}

async function resultOf(
  { name, needs = [], isOptional = false, ask }: WalkStep,
  walk: Walk,
  before: readonly WalkResult[],
): Promise<WalkResult> {
  const { signal: parent, stepLimitMs: ms = STEP_LIMIT_MS } = walk;
  const result = (verdict: WalkResult['verdict'], text: string): WalkResult => ({ name, verdict, text: oneLine(text), isOptional });
  const cause = before.find((earlier) => needs.includes(earlier.name) && earlier.verdict !== 'holds');
  if (cause !== undefined) return result('unknown', `Not asked: “${cause.name}” does not hold.`);
  if (parent.aborted) return result('unknown', 'Not asked: broken off.');
  const tooLate = (): Error => new Unknown(`No answer within ${ms / 1000} s.`);
  try {
    return result('holds', await withDeadline(holdingTimers, { ms, parent, tooLate }, ask));
  } catch (error) {
    return result(isUnknown(error) ? 'unknown' : 'refused', describeRefusal(error));
  }
}

/** A server that is not reached has refused nothing. */
function isUnknown(error: unknown): boolean {
  if (isRwsError(error)) return error.httpStatus === undefined && error.statusCode === undefined && error.kind === 'unavailable';
  return error instanceof Unknown || error instanceof AppError;
}

function describeRefusal(error: unknown): string {
  if (!isRwsError(error)) return describeError(error);
  const { httpStatus, statusCode, statusMessage } = error;
  const codes = [httpStatus === undefined ? [] : `HTTP ${httpStatus}`, statusCode === undefined ? [] : `code ${statusCode}`].flat();
  return codes.length === 0 ? statusMessage : `${codes.join(', ')}: ${statusMessage}`;
}

function oneLine(text: string): string {
  return printable(text).replaceAll('\n', ' ').slice(0, 500);
}

/** The agent's stay at the server. */
class Visit {
  readonly #walk: Walk;
  #login: RwsLogin | undefined;
  #names: LoginNames | undefined;
  /** A login that comes after its deadline is signed out too. */
  #signingIn: Promise<unknown> = Promise.resolve();

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  get names(): LoginNames {
    if (this.#names === undefined) throw new Unknown('Not signed in.');
    return this.#names;
  }

  async version(signal: AbortSignal): Promise<string> {
    if (await this.#gateway().isReachable(this.#walk.server, signal)) return 'RWS answers.';
    throw new Unknown('Not answered; the service asks here whether a server is back.');
  }

  async signIn(signal: AbortSignal): Promise<string> {
    const { config, server, userName, password } = this.#walk;
    const attempt = this.#gateway().signIn(server, { userName, password }, signal);
    this.#signingIn = attempt.then(
      (login) => {
        this.#login = login;
        this.#names = new LoginNames(login, config.rws);
      },
      () => undefined,
    );
    const { user } = await attempt;
    return `RWS knows ${user.userName}.`;
  }

  contactCenter(): string {
    const id = this.#login?.user.contactCenterId;
    if (id === undefined) throw new Error('The answer to the login names none, so there is no address to upload to.');
    return `It is ${id}.`;
  }

  upload(signal: AbortSignal): Promise<string> {
    if (this.#login === undefined) throw new Unknown('Not signed in.');
    return uploadTrial(this.#login, this.#walk, signal);
  }

  async leave(): Promise<WalkResult> {
    const result = (verdict: WalkResult['verdict'], text: string): WalkResult => ({
      name: 'logout',
      verdict,
      text: oneLine(text),
      isOptional: true,
    });
    await endsWithin(holdingTimers, LOGOUT_LIMIT_MS, this.#signingIn).catch(() => false);
    if (this.#login === undefined) return result('unknown', 'Nobody was signed in.');
    try {
      const tooLate = (): Error => new Unknown(`No answer within ${LOGOUT_LIMIT_MS / 1000} s.`);
      return result('holds', await withDeadline(holdingTimers, { ms: LOGOUT_LIMIT_MS, tooLate }, (signal) => this.names.leave(signal)));
    } catch (error) {
      return result(isUnknown(error) ? 'unknown' : 'refused', describeRefusal(error));
    } finally {
      this.#login.discard();
    }
  }

  #gateway(): ReturnType<typeof createRwsGateway> {
    const { config, clientVersion } = this.#walk;
    const clock = new SystemClock();
    return createRwsGateway({
      config: config.rws,
      trigger: config.recording.trigger,
      clientVersion,
      clock,
      random: Math.random,
      log: silentLogger,
    });
  }
}
