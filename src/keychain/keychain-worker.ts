import { endWorker, workerParent } from '../lib/worker-parent';
import { requestSchema, type KeychainAnswer, type KeychainRequest } from './worker-protocol';

/**
 * The program `dist/keychain-worker.js`: the one process of the product that loads `keytar`. A call into a keychain may wait for a person
 * for ever, and holds its thread as long; here that thread is nobody else's. It is told what to do by messages and ends with its parent.
 */
type Keytar = Pick<typeof import('keytar'), 'getPassword' | 'setPassword' | 'deletePassword' | 'findCredentials'>;
type Entries = readonly { readonly account: string; readonly value: string }[];

/** Only to see whether the keychain takes an entry; removed at once. */
const CHECK_ACCOUNT = 'keychain-check';

const parent = workerParent((message) => void handle(message));

async function handle(message: unknown): Promise<void> {
  const request = requestSchema.parse(message);
  const limit = setTimeout(endWorker, request.limitMs);
  const answer = await answerTo(request);
  clearTimeout(limit);
  parent.post(answer);
}

async function answerTo(request: KeychainRequest): Promise<KeychainAnswer> {
  try {
    return { id: request.id, entries: [...(await perform(request, await loadKeytar()))] };
  } catch (error) {
    return { id: request.id, failure: error instanceof Error ? error.message : String(error) };
  }
}

async function perform({ task, service, account, value }: KeychainRequest, keytar: Keytar): Promise<Entries> {
  switch (task) {
    case 'get': {
      const found = await keytar.getPassword(service, account);
      return found === null ? [] : [{ account, value: found }];
    }
    case 'set':
      await keytar.setPassword(service, account, value ?? '');
      return [];
    case 'delete':
      await keytar.deletePassword(service, account);
      return [];
    case 'list':
      return (await keytar.findCredentials(service))
        .filter((found) => found.account.startsWith(account))
        .map((found) => ({ account: found.account, value: found.password }));
    case 'unlock':
      await keytar.setPassword(service, CHECK_ACCOUNT, 'check');
      await keytar.deletePassword(service, CHECK_ACCOUNT);
      return [];
  }
}

async function loadKeytar(): Promise<Keytar> {
  const module = await import('keytar');
  return 'default' in module ? (module.default as Keytar) : module;
}
