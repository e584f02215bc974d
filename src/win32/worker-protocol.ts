import * as z from 'zod';
import type { Desk } from '../masks/ports';

/** What the worker is asked: to look now. It answers with the same number, after every state up to then. */
export const requestSchema = z.object({ look: z.number() });
export type WindowsRequest = z.output<typeof requestSchema>;

const areaSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
const namesSchema = z.object({ applications: z.array(z.string()), titles: z.array(z.string()) });
const windowSchema = namesSchema.extend({
  id: z.number(),
  area: areaSchema,
  opaque: z.array(areaSchema),
  owners: z.array(z.number()),
  hiddenOwners: z.array(namesSchema).optional(),
  isUnknown: z.boolean().optional(),
});
const deskSchema = z.object({ displays: z.array(areaSchema), windows: z.array(windowSchema) });

/** - `desk`: the windows have come to be so; - `looked`: the answer; - `failed`: they are not known, and the worker ends */
export const answerSchema = z.union([z.object({ desk: deskSchema }), z.object({ looked: z.number() }), z.object({ failed: z.string() })]);
export type WindowsAnswer = { readonly desk: Desk } | { readonly looked: number } | { readonly failed: string };
