import { Router } from 'express';
import * as z from 'zod';
import { faultSchema } from '../faults/fault';
import { FAULT_CATALOGUE } from '../faults/fault-catalogue';
import type { SimulatorControl } from '../simulator-control';

const dataCentreName = z.enum(['primary', 'peer']).default('primary');
const serverActionSchema = z.strictObject({
  action: z.enum(['restart', 'goOffline', 'goOnline', 'dropSessions', 'cutConnections', 'rotateCookies', 'rotateCsrf']),
  dataCentre: dataCentreName,
  downMs: z.int().min(0).max(600_000).default(0),
});

/** Faults on demand, strict modes, and what happens to a whole server. */
export function faultRoutes(control: SimulatorControl): Router {
  const router = Router();
  router.get('/fault-catalogue', (_request, response) => void response.json(FAULT_CATALOGUE));
  router.get('/faults', (_request, response) => void response.json(control.faults.list()));
  router.post('/faults', (request, response) => {
    response.status(201).json({ id: control.faults.add(faultSchema.parse(request.body)) });
  });
  router.delete('/faults', (_request, response) => {
    control.faults.clear();
    response.json({});
  });
  router.delete('/faults/:id', (request, response, next) => {
    if (control.faults.remove(request.params.id)) response.json({});
    else next();
  });
  router.get('/strict', (_request, response) => void response.json(control.strict));
  router.post('/strict', (request, response) => {
    control.setStrict(request.body as Parameters<SimulatorControl['setStrict']>[0]);
    response.json(control.strict);
  });
  router.get('/servers', (_request, response) => void response.json(control.dataCentres()));
  router.post('/servers', async (request, response) => {
    const { action, dataCentre, downMs } = serverActionSchema.parse(request.body);
    if (action === 'restart') await control.restart(dataCentre, downMs);
    else await control[action](dataCentre);
    response.json(control.dataCentres());
  });
  return router;
}
