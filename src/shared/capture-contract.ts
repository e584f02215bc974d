import type { DisplayGeometry } from './display';

/**
 * What the capture page and the program that hosts it say to each other.
 *
 * Host to page: `window.srsCapture[method](argument)`, run with a user gesture (`executeJavaScript(code, true)` in Electron), since
 * `getDisplayMedia` wants one. Arguments and results are plain JSON.
 * Page to host: `window.srsCaptureHost.emit(message)`, put there by the host (preload, init script) before the page's script runs.
 * The host passes every message through `parseCaptureMessage` and drops what is none.
 */
export interface CapturePage {
  /** Asks for the display that the host selected just before (`CapturePagePort.select`) and keeps its track under `source`. */
  open(argument: OpenSource): Promise<void>;
  /** Encodes what was opened. Resolves when the first frame has gone to the encoder; rejects with a `CaptureFault` as the message. */
  start(request: PageStart): Promise<PageStarted>;
  /** Lets go of every display; the timeline goes on black, or stands still (`pauseMode`). */
  pause(): Promise<void>;
  /** Goes on with the displays that were opened again since `pause`. */
  resume(): Promise<void>;
  /**
   * Answer to `still`: the host notices the next change by itself and calls `wake` then, so the displays need not be read often.
   * Does nothing when something changed since.
   */
  rest(): Promise<void>;
  /** Reads the displays at the full rate again. Does nothing when they are. */
  wake(): Promise<void>;
  /** Answer to `look`. */
  looked(answer: PageLooked): Promise<void>;
  /** Ends the encoder. Resolves after the last slice was emitted. Does nothing when nothing runs. */
  stop(): Promise<void>;
}

export type CapturePageMethod = keyof CapturePage;

export interface OpenSource {
  /** `CaptureSource.id` */
  readonly source: string;
  readonly framesPerSecond: number;
  /** The most pixels wanted of it: its own size, or less when the picture is bounded. */
  readonly width: number;
  readonly height: number;
  /** Every frame is covered by what looks at the windows say (`look`). Absent: there is nothing to cover. */
  readonly mask?: SourceMask;
}

export interface SourceMask {
  /** The part of the desktop that the source shows. */
  readonly geometry: DisplayGeometry;
  /** The last look that was over before the source was asked for; absent: it failed. */
  readonly look?: number;
}

export interface PageLooked {
  readonly ask: number;
  readonly look: number;
  /** What to cover, in pixels of the desktop; `all`: the windows are not known. */
  readonly cover: readonly DisplayGeometry[] | 'all';
}

export interface PageStart {
  /** Comes back in every message of this run, so that a late one falls away. */
  readonly run: number;
  readonly picture: { readonly width: number; readonly height: number };
  /** What is drawn where. One draw that fills the picture needs no canvas. */
  readonly draws: readonly PageDraw[];
  readonly framesPerSecond: number;
  readonly videoBitsPerSecond: number;
  readonly grayscale: boolean;
  readonly pauseMode: 'black' | 'cut';
  readonly sliceMs: number;
}

export interface PageDraw {
  readonly source: string;
  /** The part of the source, in fractions of its width and height: a source may deliver other pixels than its display has. */
  readonly from: DisplayGeometry;
  /** Where in the picture, in its pixels. */
  readonly to: DisplayGeometry;
}

export interface PageStarted {
  readonly mimeType: string;
  /** How long ago the first frame went to the encoder: milliseconds. No time of day: the clock may be set between here and the host. */
  readonly startedAgoMs: number;
}

const CAPTURE_FAILURES = ['permission', 'noSource', 'encoder', 'crashed', 'sourceEnded', 'timeout', 'windowsUnknown'] as const;

/**
 * Why there is no picture of the screen, on both sides:
 * - `permission`: the system or the person refused to show the screen
 * - `noSource`: there is no display to record
 * - `encoder`: no codec works, or it broke
 * - `crashed`: the capture page is gone
 * - `sourceEnded`: the display stopped delivering
 * - `timeout`: the capture page did not answer
 * - `windowsUnknown`: the windows that are to be covered cannot be told from the others, and so nothing may be recorded
 */
export type CaptureFailure = (typeof CAPTURE_FAILURES)[number];

export type CaptureMessage =
  | { readonly type: 'slice'; readonly run: number; readonly sequence: number; readonly bytes: Uint8Array }
  /** A display came, went, or changed its size. */
  | { readonly type: 'displaysChanged'; readonly run: number }
  /** Nothing has changed for a while, and the displays are read all the same: a host that can tell a change answers with `rest`. */
  | { readonly type: 'still'; readonly run: number }
  /** What is to be covered between the look `since` and one that begins now? The host answers with `looked`. */
  | { readonly type: 'look'; readonly run: number; readonly ask: number; readonly since?: number }
  /** The run ended by itself. The last slice was emitted before. */
  | { readonly type: 'ended'; readonly run: number; readonly code: CaptureFailure; readonly message: string }
  /** With each slice and at the end, since the run began: frames the displays gave, and frames that went to the encoder. */
  | { readonly type: 'stats'; readonly run: number; readonly captured: number; readonly encoded: number };

/** What `emit` is called between Electron's capture window and its main process. */
export const CAPTURE_CHANNEL = 'capture:emit';

export interface CaptureHostBridge {
  emit(message: CaptureMessage): void;
}

/** Checks what came out of the page; `undefined` when it is no message of this contract. */
export function parseCaptureMessage(value: unknown): CaptureMessage | undefined {
  if (!isObject(value) || !isCount(value['run'])) return undefined;
  const { type, run, sequence, bytes, code, message, captured, encoded, ask, since } = value;
  switch (type) {
    case 'slice':
      return isCount(sequence) && bytes instanceof Uint8Array ? { type, run, sequence, bytes } : undefined;
    case 'displaysChanged':
    case 'still':
      return { type, run };
    case 'look':
      if (!isCount(ask)) return undefined;
      return isCount(since) ? { type, run, ask, since } : { type, run, ask };
    case 'ended':
      return isCaptureFailure(code) && typeof message === 'string' ? { type, run, code, message: message.slice(0, 500) } : undefined;
    case 'stats':
      return isCount(captured) && isCount(encoded) ? { type, run, captured, encoded } : undefined;
    default:
      return undefined;
  }
}

export function parsePageStarted(value: unknown): PageStarted | undefined {
  if (!isObject(value)) return undefined;
  const { mimeType, startedAgoMs } = value;
  if (typeof mimeType !== 'string' || !/^video\/[\w-]+(;codecs=[\w.,-]+)?$/.test(mimeType) || !isCount(startedAgoMs)) return undefined;
  return { mimeType, startedAgoMs };
}

/** Finds `code: message` in the text of an error that crossed from the page, whatever the browser put in front of it. */
export function parseCaptureFault(text: string): { readonly code: CaptureFailure; readonly message: string } | undefined {
  const match = /srs-capture\/(\w+): (.*)/s.exec(text);
  return match !== null && isCaptureFailure(match[1]) ? { code: match[1], message: (match[2] ?? '').slice(0, 500) } : undefined;
}

/** `code: message`, the text of an error thrown in the page: errors lose everything else on the way to the host. */
export function formatCaptureFault(code: CaptureFailure, message: string): string {
  return `srs-capture/${code}: ${message}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCaptureFailure(value: unknown): value is CaptureFailure {
  return CAPTURE_FAILURES.some((code) => code === value);
}
