import type { RequestHandler } from 'express';
import { parseBasicCredentials } from '../basic-credentials';
import { requireCredentialsForm } from '../caller';
import { notAuthenticated } from '../errors';
import { parseMeRequest } from '../me-request';
import { requestBody } from '../middleware/request-body';
import type { MethodTable } from '../middleware/methods';
import type { Login } from './login';
import type { Logout } from './logout';

/** `/api/v2/me`: GET is a login, POST a login with configuration or an operation. */
export function createMe(login: Login, logout: Logout): Pick<MethodTable, 'GET' | 'POST'> {
  const handleBody: RequestHandler = async (request, response) => {
    const parsed = parseMeRequest(Buffer.isBuffer(request.body) ? request.body : undefined);
    if (parsed.type === 'login') await login(request, response, parsed.parameters);
    else await logout(request, response);
  };
  return {
    GET: async (request, response) => {
      if (parseBasicCredentials(request.headers.authorization) === undefined) throw notAuthenticated();
      await login(request, response, { unknownNames: [] });
    },
    POST: (request, response, next) => {
      requireCredentialsForm(request);
      requestBody(request, response, (error?: unknown) => {
        if (error !== undefined) next(error);
        else Promise.resolve(handleBody(request, response, next)).catch(next);
      });
    },
  };
}
