import type { Clock } from '../lib/clock';
import { isRwsError } from '../shared/rws-error';
import type { RwsHttp } from '../rws/ports';

const VERSION = '1.0.0';
const NOT_IMPLEMENTED = 501;
/** A server may be upgraded while we run, and it may have been a captive portal that answered. */
const ASK_AGAIN_MS = 600_000;

/** Which servers take resumable uploads (rws.md, *Upload*): asked once with OPTIONS, then remembered for ten minutes. */
export class ResumableOffer {
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly isOffered: boolean; readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Throws as `RwsHttp.request` does when the server cannot be asked at all.
   * @param isBegun an upload waits there to go on: then a busy server is waited for, so that its bytes are not sent anew as a form
   */
  async isMade(
    http: RwsHttp,
    path: string,
    { signal, isBegun }: { readonly signal: AbortSignal; readonly isBegun: boolean },
  ): Promise<boolean> {
    const key = `${http.server}${path}`;
    const known = this.#known.get(key);
    const leftMs = known === undefined ? 0 : known.until - this.#clock.steady();
    if (known !== undefined && leftMs > 0) return known.isOffered;
    try {
      const { headers } = await http.request({ method: 'OPTIONS', path }, signal);
      return this.#keep(key, headers['tus-resumable'] === VERSION);
    } catch (error) {
      if (!isRwsError(error) || error.httpStatus === undefined || error.kind === 'unauthenticated') throw error;
      if (error.kind === 'refused') return this.#keep(key, false);
      if (isBegun && error.httpStatus !== NOT_IMPLEMENTED) throw error;
      return false;
    }
  }

  /** It was made, but an upload cannot be created there. */
  forget(http: RwsHttp, path: string): void {
    this.#keep(`${http.server}${path}`, false);
  }

  #keep(key: string, isOffered: boolean): boolean {
    this.#known.set(key, { isOffered, until: this.#clock.steady() + ASK_AGAIN_MS });
    return isOffered;
  }
}
