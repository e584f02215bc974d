import * as z from 'zod';

/** What the service asks its worker for. `unlock` asks the person, if the system does so; the other tasks may, too. */
export const requestSchema = z.object({
  id: z.number(),
  task: z.enum(['get', 'set', 'delete', 'list', 'unlock']),
  /** The product's name in the keychain. */
  service: z.string(),
  account: z.string(),
  value: z.string().optional(),
  /** The worker ends itself when the task lasts longer. */
  limitMs: z.number(),
});
export type KeychainRequest = z.output<typeof requestSchema>;

export const answerSchema = z.union([
  z.object({ id: z.number(), failure: z.string() }),
  z.object({ id: z.number(), entries: z.array(z.object({ account: z.string(), value: z.string() })) }),
]);
/** The entries found (none for `set`, `delete` and `unlock`), or why not. */
export type KeychainAnswer = z.output<typeof answerSchema>;
