import type { RequestHandler } from 'express';

/**
 * THREAT MODEL. The control endpoint listens on loopback and needs no login. What must not reach it is a page from elsewhere in
 * the same browser: by its own origin (`Origin`, `Sec-Fetch-Site`), by DNS rebinding (`Host`), or by embedding
 * (`Cross-Origin-Resource-Policy`, `frame-ancestors`). Programs on this machine may do everything.
 */
export function admitOwnPagesOnly(): RequestHandler {
  return (request, response, next) => {
    response.set({
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy':
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
    });
    const port = request.socket.localPort;
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, ...(port === 80 ? ['127.0.0.1', 'localhost'] : [])];
    if (!hosts.includes(request.headers.host ?? '')) {
      response.status(421).json({ error: 'This address is not known by that name.' });
      return;
    }
    const { origin } = request.headers;
    const site = request.get('Sec-Fetch-Site');
    const isOwn =
      origin === undefined ? site === undefined || site === 'same-origin' || site === 'none' : origin === `http://${request.headers.host}`;
    if (!isOwn) {
      response.status(403).json({ error: 'Only the control page itself may do this.' });
      return;
    }
    next();
  };
}
