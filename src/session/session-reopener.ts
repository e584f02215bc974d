import { describeError, isAppError } from '../shared/errors';
import { toRwsError } from '../shared/rws-error';
import type { DataCentre } from '../shared/snapshot';
import type { Connection, Connector } from './connector';
import type { CurrentSession } from './current-session';
import { toAgentView, type Identity } from './identity';
import type { SessionHooks } from './ports';
import type { SessionEvent, SessionMachineState } from './session-states';

interface SessionReopenerDeps {
  readonly connector: Connector;
  readonly current: CurrentSession;
  readonly hooks: Pick<SessionHooks, 'isRecording'>;
  readonly status: () => SessionMachineState['status'];
  readonly onEvent: (event: SessionEvent) => void;
  /** It is the current one from here on. */
  readonly onOpened: (identity: Identity, connection: Connection) => void;
}

/** Opens sessions anew with kept credentials, one try at a time: a later one gives the earlier one up. */
export class SessionReopener {
  readonly #deps: SessionReopenerDeps;
  #opening: AbortController | undefined;

  constructor(deps: SessionReopenerDeps) {
    this.#deps = deps;
  }

  cancel(): void {
    this.#opening?.abort();
  }

  async reopen(which: DataCentre): Promise<void> {
    const { connector, current, onEvent } = this.#deps;
    const { identity } = current;
    if (identity === undefined) return;
    const signal = this.#renew();
    try {
      const login = await connector.signIn(identity, which, { parent: signal });
      this.#adopt(identity, await connector.open(identity, login, { which, parent: signal }), signal);
    } catch (error) {
      if (!signal.aborted) onEvent({ type: 'reopenFailed', error: toRwsError(error, describeError(error)) });
    }
  }

  async probePrimary(life: AbortSignal): Promise<void> {
    const { connector, current, hooks, onEvent } = this.#deps;
    const { identity } = current;
    if (identity === undefined) return;
    const isReachable = await connector.probePrimary(identity, life);
    if (identity !== current.identity || life.aborted) return;
    onEvent({ type: 'primaryProbed', isReachable, isRecording: hooks.isRecording() });
  }

  /** Validated first, then the peer's session ends, then the primary's opens: never two sessions, never none by mistake. */
  async returnToPrimary(): Promise<void> {
    const { connector, current, hooks, status, onEvent } = this.#deps;
    const { identity } = current;
    if (identity === undefined) return;
    const signal = this.#renew();
    let isBetween = false;
    try {
      const login = await connector.signIn(identity, 'primary', { parent: signal });
      const onPeer = current.connection;
      if (signal.aborted || onPeer === undefined || status() !== 'connected' || hooks.isRecording()) {
        login.discard();
        if (!signal.aborted) onEvent({ type: 'primaryProbed', isReachable: false, isRecording: true });
        return;
      }
      isBetween = true;
      await connector.end(onPeer);
      this.#adopt(identity, await connector.open(identity, login, { which: 'primary', parent: signal }), signal);
    } catch (error) {
      if (signal.aborted || isAppError(error, 'aborted')) return;
      const failure = toRwsError(error, describeError(error));
      onEvent(isBetween ? { type: 'ended', error: failure } : { type: 'reopenFailed', error: failure });
    }
  }

  #adopt(identity: Identity, connection: Connection, signal: AbortSignal): void {
    const { which, login, session, channel } = connection;
    if (signal.aborted) {
      channel.close();
      session.discard();
      login.discard();
      return;
    }
    this.#deps.onOpened(identity, connection);
    this.#deps.onEvent({ type: 'reopened', agent: toAgentView(login.user, identity.details), which });
    channel.release();
  }

  #renew(): AbortSignal {
    this.cancel();
    this.#opening = new AbortController();
    return this.#opening.signal;
  }
}
