import express, { type Express } from 'express';

export interface DesktopAppDeps {
  /** The built example agent desktop. */
  readonly pageDirectory: string;
  readonly addresses: () => { readonly srs: string; readonly server: string; readonly peer?: string };
}

/** Serves the example agent desktop on an origin of its own, as an integrator's would be. */
export function createDesktopApp({ pageDirectory, addresses }: DesktopAppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/config.json', (_request, response) => {
    response.set('Cache-Control', 'no-store').json(addresses());
  });
  app.use(express.static(pageDirectory));
  return app;
}
