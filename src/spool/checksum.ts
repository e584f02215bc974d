import { createHash } from 'node:crypto';
import * as z from 'zod';

const MISMATCH = 'does not fit the rest: the file was damaged or edited; whoever edits it on purpose removes this line';

/**
 * What a JSON file of the spool holds, with a checksum over it: a changed bit leaves most values valid, and a wrong size, name or id would upload the
 * wrong thing and then remove the recording.
 */
export function withChecksum(value: object): object {
  return { ...value, checksum: checksumOf(value) };
}

/** For what `withChecksum` wrote, or an earlier version without checksum. */
export function checked<T extends z.ZodType>(schema: T): z.ZodType<z.output<T>> {
  return z
    .unknown()
    .transform((value, context) => {
      if (typeof value !== 'object' || value === null || !('checksum' in value)) return value;
      const { checksum, ...rest } = value;
      if (checksum !== checksumOf(rest)) context.addIssue({ code: 'custom', path: ['checksum'], message: MISMATCH });
      return rest;
    })
    .pipe(schema) as z.ZodType<z.output<T>>;
}

/** Over the values in their order, not over how they are spaced. */
function checksumOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
