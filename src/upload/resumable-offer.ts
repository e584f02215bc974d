import type { Clock } from '../lib/clock';
import { isRwsError } from '../shared/rws-error';
import type { RwsHttp } from '../rws/ports';

const VERSION = '1.0.0';
/** A server may be upgraded while we run, and it may have been a captive portal that answered. */
const ASK_AGAIN_MS = 600_000;

/** Which servers take resumable uploads (rws.md, *Upload*): asked once with OPTIONS, then remembered for ten minutes. */
export class ResumableOffer {
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly isOffered: boolean; readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws as `RwsHttp.request` does when the server cannot be asked at all. */
  async isMade(http: RwsHttp, path: string, signal: AbortSignal): Promise<boolean> {
    const key = `${http.server}${path}`;
    const known = this.#known.get(key);
    if (known !== undefined && known.until > this.#clock.now()) return known.isOffered;
    try {
      const { headers } = await http.request({ method: 'OPTIONS', path }, signal);
      return this.#keep(key, headers['tus-resumable'] === VERSION);
    } catch (error) {
      if (!isRwsError(error) || error.httpStatus === undefined || error.kind === 'unauthenticated') throw error;
      return error.kind === 'refused' ? this.#keep(key, false) : false;
    }
  }

  /** It was made, but an upload cannot be created there. */
  forget(http: RwsHttp, path: string): void {
    this.#keep(`${http.server}${path}`, false);
  }

  #keep(key: string, isOffered: boolean): boolean {
    this.#known.set(key, { isOffered, until: this.#clock.now() + ASK_AGAIN_MS });
    return isOffered;
  }
}
