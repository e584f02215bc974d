import { WINDOWS_DEADLINE_MS, type Desk, type DeskWindow, type VisibleWindows, type WindowsListener } from '../masks/ports';
import { holdingTimers } from '../lib/clock';
import { withDeadline } from '../lib/deadline';
import { Serial } from '../lib/serial';
import { AppError, describeError } from '../shared/errors';
import { XConnection } from './x-connection';
import { toDesk } from './x-desk';
import { COVER_MONITOR, XMonitors, type XMonitor } from './x-monitors';
import { IDENTIFYING, identifyWindow, UNKNOWN_WINDOW, type XWindowIdentity } from './x-window-identity';
import { EVENTS, XWindowRequests } from './x-window-requests';
import { parseStackEvent, XWindowStack } from './x-window-stack';

const SYNTHETIC = 0x80;
const FIRST_EXTENSION_EVENT = 64;
const PROPERTY_NOTIFY = 28;
const CONFIGURE_NOTIFY = 22;
const MAP_NOTIFY = 19;
const REPARENT_NOTIFY = 21;

/**
 * The windows of an X server, followed event by event.
 *
 * INVARIANTS
 * - Events and what is read are taken in the server's order, one after the other: the listener gets every state, with the names it had.
 * - A window whose names are being read holds up what comes after it, a look too.
 * - A look ends with the answer to a question that was asked after it began, and compares the order of the windows with that answer.
 * - What other programs send as if it came from the server is not looked at.
 */
export class XVisibleWindows implements VisibleWindows {
  readonly #x: XConnection;
  readonly #requests: XWindowRequests;
  readonly #xMonitors: XMonitors;
  readonly #listener: WindowsListener;
  readonly #turns = new Serial();
  readonly #stack = new XWindowStack();
  readonly #identities = new Map<number, XWindowIdentity>();
  /** Changes of a property that came and were not looked at yet: a value that was there in between is not known. */
  readonly #unread = new Map<string, number>();
  #identifying: ReadonlySet<number> = new Set();
  #isClosed = false;
  #monitors: readonly XMonitor[] = [];

  private constructor(x: XConnection, requests: XWindowRequests, xMonitors: XMonitors, listener: WindowsListener) {
    this.#x = x;
    this.#requests = requests;
    this.#xMonitors = xMonitors;
    this.#listener = listener;
  }

  /** @param display such as `:0`. Throws `AppError` `dependencyMissing`. */
  static open(display: string, listener: WindowsListener): Promise<XVisibleWindows> {
    let windows: XVisibleWindows | undefined;
    let connection: XConnection | undefined;
    const open = async (): Promise<XVisibleWindows> => {
      const x = await XConnection.open(display, {
        onEvent: (event) => windows?.takeEvent(event),
        onLost: () => windows?.lose('the X server is gone'),
      });
      connection = x;
      const xMonitors = await XMonitors.on(x);
      if (await xMonitors.isXwayland())
        throw new AppError('dependencyMissing', 'In a Wayland session only the windows of X programs are known.');
      const opened = new XVisibleWindows(x, await XWindowRequests.on(x), xMonitors, listener);
      windows = opened;
      await opened.#begin();
      return opened;
    };
    return withinDeadline(open()).catch((error: unknown) => {
      connection?.close();
      throw error;
    });
  }

  look(): Promise<void> {
    const looked = new Promise<void>((resolve, reject) => {
      const compare = (order: readonly number[]): void => void this.#turns.run(() => this.#compare(order)).then(resolve, reject);
      this.#requests.children(this.#x.root, compare).catch(reject);
    });
    return withinDeadline(looked);
  }

  close(): void {
    this.#isClosed = true;
    this.#x.close();
  }

  takeEvent(event: Buffer): void {
    if ((event.readUInt8(0) & SYNTHETIC) !== 0) return;
    const property = propertyOf(event);
    if (property !== undefined) this.#unread.set(property, (this.#unread.get(property) ?? 0) + 1);
    void this.#turns.run(() => this.#handle(event)).catch((error: unknown) => this.lose(describeError(error)));
  }

  lose(reason: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#listener.onLost(reason);
  }

  async #begin(): Promise<void> {
    this.#identifying = new Set(await Promise.all(IDENTIFYING.map((name) => this.#requests.atom(name))));
    this.#requests.select(this.#x.root, EVENTS.structure | EVENTS.substructure);
    await this.#turns.run(async () => {
      await this.#readMonitors();
      await this.#readAll();
    });
  }

  async #readMonitors(): Promise<void> {
    this.#monitors = (await this.#xMonitors.monitors()).filter(({ name }) => name !== COVER_MONITOR);
  }

  async #readAll(): Promise<void> {
    const ids = await this.#requests.children(this.#x.root);
    const read = ids.map(async (id) => ({ id, ...(await this.#requests.attributes(id)), ...(await this.#requests.geometry(id)) }));
    const found = (await Promise.all(read.map((one) => one.catch(() => undefined)))).filter((one) => one !== undefined); // gone meanwhile
    this.#stack.replace(found);
    await Promise.all(found.filter(({ isMapped }) => isMapped).map(({ id }) => this.#identify(id)));
    this.#tell();
  }

  async #compare(order: readonly number[]): Promise<void> {
    if (this.#stack.hasOrder(order)) return;
    this.#tell();
    await this.#readAll();
  }

  async #handle(event: Buffer): Promise<void> {
    const kind = event.readUInt8(0);
    const property = propertyOf(event);
    if (property !== undefined) return this.#propertyChanged(event.readUInt32LE(4), event.readUInt32LE(8), property);
    const stacked = kind < FIRST_EXTENSION_EVENT ? parseStackEvent(event, this.#x.root) : undefined;
    if (stacked === undefined) return this.#otherEvent(kind, event);
    const wasSure = this.#stack.isSure;
    this.#stack.apply(stacked);
    if (stacked.type === 'destroyed') this.#identities.delete(stacked.id);
    if (stacked.type === 'mapped') await this.#identify(stacked.id);
    if (wasSure && !this.#stack.isSure) await this.#compare([]);
    else this.#tell();
  }

  async #otherEvent(kind: number, event: Buffer): Promise<void> {
    const window = event.readUInt32LE(4);
    const isOfRoot = kind === CONFIGURE_NOTIFY && window === this.#x.root;
    if (isOfRoot || kind >= FIRST_EXTENSION_EVENT) await this.#readMonitors();
    // A window came into a frame, or a shape changed.
    const mayBeAnother = kind >= FIRST_EXTENSION_EVENT || kind === MAP_NOTIFY || kind === REPARENT_NOTIFY;
    if (mayBeAnother && this.#stack.get(window)?.isMapped && this.#isUnsettled(window, kind)) await this.#identify(window);
    this.#tell();
  }

  /** A program that maps windows within its own all the time need not be read each time. */
  #isUnsettled(window: number, kind: number): boolean {
    return kind !== MAP_NOTIFY || (this.#identities.get(window) ?? UNKNOWN_WINDOW).isUnknown;
  }

  async #propertyChanged(window: number, atom: number, property: string): Promise<void> {
    this.#count(property);
    if (!this.#identifying.has(atom)) return;
    const concerned = this.#concernedBy(window);
    for (const top of concerned) {
      await this.#identify(top);
      const identity = this.#identities.get(top);
      // It changed again before it could be read: what it was meanwhile is not known.
      if (this.#unread.has(property) && identity !== undefined) this.#identities.set(top, { ...identity, isUnknown: true });
    }
    if (concerned.length > 0) this.#tell();
  }

  /** The shown windows that are this one, hold it, or belong to it. */
  #concernedBy(window: number): readonly number[] {
    const isConcerned = (id: number): boolean => {
      const { client, owners } = this.#identities.get(id) ?? UNKNOWN_WINDOW;
      return id === window || client === window || owners.some((owner) => owner.window === window);
    };
    return this.#stack.all.filter(({ id, isMapped }) => isMapped && isConcerned(id)).map(({ id }) => id);
  }

  #count(property: string): void {
    const left = (this.#unread.get(property) ?? 1) - 1;
    if (left > 0) this.#unread.set(property, left);
    else this.#unread.delete(property);
  }

  async #identify(id: number): Promise<void> {
    const identity = await identifyWindow(this.#requests, id).catch(() => UNKNOWN_WINDOW); // it is gone: until that is told
    this.#identities.set(id, identity);
  }

  #tell(): void {
    if (this.#isClosed) return;
    const { resourceIdMask } = this.#x;
    const identityOf = (id: number): XWindowIdentity => this.#identities.get(id) ?? UNKNOWN_WINDOW;
    const desk: Desk = toDesk({ windows: this.#stack.all, identityOf, monitors: this.#monitors, resourceIdMask });
    const windows = this.#stack.isSure ? desk.windows : desk.windows.map((window): DeskWindow => ({ ...window, opaque: [] }));
    this.#listener.onDesk({ ...desk, windows });
  }
}

function propertyOf(event: Buffer): string | undefined {
  return event.readUInt8(0) === PROPERTY_NOTIFY ? `${event.readUInt32LE(4)}:${event.readUInt32LE(8)}` : undefined;
}

function withinDeadline<T>(task: Promise<T>): Promise<T> {
  const tooLate = (): Error => new AppError('dependencyMissing', 'The X server did not tell its windows in time.');
  return withDeadline(holdingTimers, { ms: WINDOWS_DEADLINE_MS, tooLate }, () => task);
}
