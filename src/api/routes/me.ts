import { parseBasicCredentials } from '../login/basic-credentials';
import { givenCredentials } from '../login/caller';
import { notAuthenticated } from '../errors';
import { parseMeRequest } from '../login/me-request';
import { afterBody } from '../middleware/request-body';
import type { MethodTable } from '../middleware/methods';
import type { Login } from './login';
import type { Logout } from './logout';

/** `/api/v2/me`: GET is a login, POST a login with configuration or an operation. */
export function createMe(login: Login, logout: Logout): Pick<MethodTable, 'GET' | 'POST'> {
  const handleBody = afterBody(async (request, response) => {
    const parsed = parseMeRequest(request.body);
    if (parsed.type === 'login') await login(request, response, parsed.parameters);
    else await logout(request, response);
  });
  return {
    GET: async (request, response) => {
      if (parseBasicCredentials(request.headers.authorization) === undefined) throw notAuthenticated();
      await login(request, response, { unknownNames: [] });
    },
    POST: (request, response, next) => {
      givenCredentials(request);
      return handleBody(request, response, next);
    },
  };
}
