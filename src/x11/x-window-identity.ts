import { readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { contains, intersect } from '../masks/areas';
import type { WindowNames } from '../masks/rule-matching';
import { EVENTS, type XRectangle, type XWindowRequests } from './x-window-requests';

/** A window that another one belongs to. */
export interface XOwner extends WindowNames {
  readonly window: number;
}

/** What is known of a child of the root window besides its place. */
export interface XWindowIdentity extends WindowNames {
  /** The program's own window: the child itself, or what the window manager put into it. */
  readonly client: number;
  readonly isInputOnly: boolean;
  readonly processId: number | undefined;
  readonly transientFor: number | undefined;
  /** What `transientFor` says of itself, what that belongs to, and so on, whether or not they are shown. */
  readonly owners: readonly XOwner[];
  /** Where it lets nothing show through, from the corner inside its border; `whole`: everywhere, whatever its size. */
  readonly opaque: 'whole' | { readonly areas: readonly XRectangle[]; readonly width: number; readonly height: number };
  /** It says whose it is. */
  readonly hasClass: boolean;
  /** A window manager looks after it. */
  readonly isManaged: boolean;
  readonly isUnknown: boolean;
}

export const UNKNOWN_WINDOW: XWindowIdentity = {
  client: 0,
  applications: [],
  titles: [],
  isInputOnly: false,
  processId: undefined,
  transientFor: undefined,
  owners: [],
  opaque: { areas: [], width: 0, height: 0 },
  hasClass: false,
  isManaged: false,
  isUnknown: true,
};

/** Properties that change what a window is or shows. */
export const IDENTIFYING = [
  'WM_NAME',
  '_NET_WM_NAME',
  'WM_CLASS',
  '_NET_WM_PID',
  'WM_TRANSIENT_FOR',
  'WM_STATE',
  '_NET_WM_OPAQUE_REGION',
  '_NET_WM_WINDOW_OPACITY',
];
const MAX_OWNERS = 4;
const MAX_DEPTH = 3;
const MAX_LOOKED_AT = 200;
const WITH_ALPHA = 32;
const FULLY_OPAQUE = 0xffffffff;

/** Reads what a child of the root window is. Its changes are told from before the reading on. Rejects when it is gone. */
export async function identifyWindow(requests: XWindowRequests, id: number): Promise<XWindowIdentity> {
  requests.select(id, EVENTS.property | EVENTS.substructure);
  requests.selectShape(id);
  const [{ isInputOnly, isOverride }, geometry, shape, client] = await Promise.all([
    requests.attributes(id),
    requests.geometry(id),
    requests.shape(id),
    clientOf(requests, id),
  ]);
  const own = client?.window ?? id;
  if (own !== id) requests.select(own, EVENTS.property);
  const [said, [transientFor], region, opacities] = await Promise.all([
    namesOf(requests, own),
    requests.cardinals(own, 'WM_TRANSIENT_FOR'),
    requests.cardinals(own, '_NET_WM_OPAQUE_REGION'),
    Promise.all([requests.cardinals(id, '_NET_WM_WINDOW_OPACITY'), requests.cardinals(own, '_NET_WM_WINDOW_OPACITY')]),
  ]);
  const isTranslucent = opacities.flat().some((opacity) => opacity !== FULLY_OPAQUE);
  return {
    client: own,
    isInputOnly,
    ...said,
    transientFor,
    owners: await ownersOf(requests, transientFor),
    isManaged: client?.isManaged ?? false,
    isUnknown: client === undefined && !isOverride,
    opaque: isTranslucent ? UNKNOWN_WINDOW.opaque : opaqueParts({ ...geometry, shape, region: own === id ? quadruples(region) : [] }),
  };
}

async function namesOf(requests: XWindowRequests, window: number): Promise<WindowNames & Pick<XWindowIdentity, 'processId' | 'hasClass'>> {
  const [classes, titles, [processId]] = await Promise.all([
    requests.text(window, 'WM_CLASS'),
    Promise.all([requests.text(window, '_NET_WM_NAME'), requests.text(window, 'WM_NAME')]),
    requests.cardinals(window, '_NET_WM_PID'),
  ]);
  const classNames = (classes ?? '').split('\0').filter((name) => name !== '');
  return {
    applications: [...classNames, ...(await programNames(processId))],
    titles: titles.filter((title) => title !== undefined),
    processId,
    hasClass: classNames.length > 0,
  };
}

/** Up to the first that is gone, or that says nothing of a further one. */
async function ownersOf(requests: XWindowRequests, transientFor: number | undefined): Promise<readonly XOwner[]> {
  const owners: XOwner[] = [];
  let window = transientFor;
  while (window !== undefined && window !== 0 && window !== requests.root && owners.length < MAX_OWNERS) {
    requests.select(window, EVENTS.property | EVENTS.substructure);
    try {
      const { applications, titles } = await namesOf(requests, window);
      owners.push({ window, applications, titles });
      [window] = await requests.cardinals(window, 'WM_TRANSIENT_FOR');
    } catch {
      return owners; // it is gone
    }
  }
  return owners;
}

interface FoundClient {
  readonly window: number;
  readonly isManaged: boolean;
}

/** The window that says whose it is: itself or one in it. `undefined`: none does. */
async function clientOf(requests: XWindowRequests, id: number): Promise<FoundClient | undefined> {
  let level: readonly number[] = [id];
  let named: FoundClient | undefined;
  for (let depth = 0, looked = 0; depth <= MAX_DEPTH && level.length > 0 && looked < MAX_LOOKED_AT; depth += 1) {
    const some = level.slice(0, MAX_LOOKED_AT - looked);
    looked += some.length;
    const found = await Promise.all(
      some.map(async (window) => ({
        window,
        isManaged: (await requests.property(window, 'WM_STATE')) !== undefined,
        hasClass: (await requests.property(window, 'WM_CLASS')) !== undefined,
      })),
    );
    const managed = found.find(({ isManaged }) => isManaged);
    if (managed !== undefined) return managed;
    named ??= found.find(({ hasClass }) => hasClass);
    level = (await Promise.all(some.map((window) => requests.children(window)))).flat();
  }
  return named;
}

interface Body {
  readonly width: number;
  readonly height: number;
  readonly border: number;
  readonly depth: number;
  readonly shape: readonly XRectangle[] | undefined;
  readonly region: readonly XRectangle[];
}

function opaqueParts({ width, height, border, depth, shape, region }: Body): XWindowIdentity['opaque'] {
  const all = { x: -border, y: -border, width: width + 2 * border, height: height + 2 * border };
  const there = shape ?? [all];
  // What its program calls opaque may lie where its shape has a hole.
  if (depth === WITH_ALPHA) return { areas: there.flatMap((part) => region.map((opaque) => intersect(part, opaque))), width, height };
  return there.length === 1 && contains(there[0]!, all) ? 'whole' : { areas: there, width, height };
}

function quadruples(values: readonly number[]): readonly XRectangle[] {
  const found: XRectangle[] = [];
  for (let at = 0; at + 3 < values.length; at += 4)
    found.push({ x: values[at]! | 0, y: values[at + 1]! | 0, width: values[at + 2]!, height: values[at + 3]! });
  return found;
}

/** The name of the program's file, or, where that may not be seen, what the system calls the process. */
async function programNames(processId: number | undefined): Promise<readonly string[]> {
  if (processId === undefined || processId <= 0) return [];
  const file = await readlink(`/proc/${processId}/exe`).catch(() => undefined); // another user's, or gone
  if (file !== undefined) return [basename(file.replace(/ \(deleted\)$/, ''))];
  const name = await readFile(`/proc/${processId}/comm`, 'utf8').catch(() => undefined); // gone
  return name === undefined ? [] : [name.trim()];
}
