import type { RequestHandler } from 'express';
import { givenCredentials, requireBasic, type GivenCredentials } from '../login/caller';
import { parseMeRequest } from '../login/me-request';
import { afterBody } from '../middleware/request-body';
import type { MethodTable } from '../middleware/methods';
import type { Login } from './login';
import type { Logout } from './logout';

/** `/api/v2/me`: GET is a login, POST a login with configuration or an operation. */
export function createMe(login: Login, logout: Logout): Pick<MethodTable, 'GET' | 'POST'> {
  const handleBody = (given: GivenCredentials): RequestHandler =>
    afterBody(async (request, response) => {
      const parsed = parseMeRequest(request.body);
      if (parsed.type === 'login') await login(request, response, { credentials: requireBasic(given), parameters: parsed.parameters });
      else await logout(request, response, given);
    });
  return {
    GET: async (request, response) =>
      login(request, response, { credentials: requireBasic(givenCredentials(request)), parameters: { unknownNames: [] } }),
    POST: (request, response, next) => handleBody(givenCredentials(request))(request, response, next),
  };
}
