import type { RequestHandler } from 'express';
import type { Secret } from '../../lib/secret';
import type { MetricsPage } from '../ports';
import { requireStatusToken } from '../status-token';

/** `GET /metrics`, where `http.metrics` switched it on: figures without names, for monitoring agents that can read the token's file. */
export function createMetricsRoute(metrics: MetricsPage, token: Secret): RequestHandler {
  return async (request, response) => {
    requireStatusToken(request, token);
    const text = await metrics.text();
    // Not `send`, which would add a second charset.
    response.status(200).set('Content-Type', metrics.contentType).end(text);
  };
}
