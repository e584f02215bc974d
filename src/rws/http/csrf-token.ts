import type { RwsHeaders } from '../ports';
import { CSRF_ANNOUNCING_HEADER } from '../protocol';

const STATE_CHANGING: ReadonlySet<string> = new Set(['POST', 'PUT', 'DELETE', 'PATCH']);

/** CSRF by indirection with rotation: the newest answer that carries a token wins; no token seen = CSRF is off. */
export class CsrfToken {
  #name: string | undefined;
  #value: string | undefined;

  note(headers: RwsHeaders): void {
    const name = first(headers[CSRF_ANNOUNCING_HEADER])?.toLowerCase();
    if (name === undefined || !/^[\w-]+$/.test(name)) return;
    const value = first(headers[name]);
    if (value === undefined) return;
    this.#name = name;
    this.#value = value;
  }

  /** What a request of this method has to carry. */
  headersFor(method: string): Record<string, string> {
    if (this.#name === undefined || this.#value === undefined || !STATE_CHANGING.has(method)) return {};
    return { [this.#name]: this.#value };
  }
}

function first(header: RwsHeaders[string]): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}
