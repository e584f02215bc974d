import type { Request } from 'express';
import type { ProblemReporter } from '../../shared/problems';

/** More are one program that tries names. */
const MAX_ORIGINS = 5;
const MAX_LENGTH = 200;

/**
 * Tells an administrator which origin to allow. Any page on the web may call this computer, so only a call as an agent desktop makes it counts:
 * one with credentials, or a browser's question whether it may send them. `null` is nobody's origin.
 */
export class RefusedOrigins {
  readonly #origins = new Set<string>();
  readonly #problems: Pick<ProblemReporter, 'raise' | 'clear'>;

  constructor(problems: Pick<ProblemReporter, 'raise' | 'clear'>) {
    this.#problems = problems;
  }

  note({ headers }: Pick<Request, 'headers'>): void {
    const { origin = 'null', authorization } = headers;
    const isAsked = /\bauthorization\b/i.test(String(headers['access-control-request-headers'] ?? ''));
    if (authorization === undefined && !isAsked) return;
    if (!/^https?:\/\/[^\s"<>]+$/.test(origin) || origin.length > MAX_LENGTH) return;
    if (this.#origins.has(origin) || this.#origins.size >= MAX_ORIGINS) return;
    this.#origins.add(origin);
    this.#show();
  }

  /** It was allowed meanwhile. */
  admitted({ headers }: Pick<Request, 'headers'>): void {
    if (this.#origins.delete(headers.origin ?? 'null')) this.#show();
  }

  #show(): void {
    if (this.#origins.size === 0) this.#problems.clear('originRefused');
    else this.#problems.raise('originRefused', { origins: [...this.#origins] });
  }
}
