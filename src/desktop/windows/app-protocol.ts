import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { protocol, type Session } from 'electron';
import { CONTENT_SECURITY_POLICY } from './content-security-policy';

/**
 * The program's own pages come from `srs://window/…` and `srs://capture/…`, never from `file:` (which could read the whole disk) nor the network.
 * THREAT MODEL: only the listed files of one page's folder are ever read, whatever the address says.
 */
const APP_SCHEME = 'srs';

export type PageName = 'window' | 'capture';

const FILES: readonly string[] = ['index.html', 'index.js', 'index.css'];
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Has to be called before the application is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Serves one page, from its folder, in one session; everything else in that scheme is not found. */
export function servePage(session: Session, page: PageName, directory: string): void {
  session.protocol.handle(APP_SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    const file = pathname.slice(1);
    if (host !== page || request.method !== 'GET' || !FILES.includes(file)) return new Response('Not found', { status: 404 });
    try {
      return new Response(new Uint8Array(await readFile(join(directory, file))), { headers: headersFor(file) });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}

export function pageUrl(page: PageName): string {
  return `${APP_SCHEME}://${page}/index.html`;
}

function headersFor(file: string): Record<string, string> {
  return {
    'Content-Type': CONTENT_TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
}
