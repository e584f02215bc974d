/** What may be `undefined` becomes a property that may be absent (`exactOptionalPropertyTypes` tells the two apart). */
export type OmitUndefined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** A copy without the properties that are `undefined`; `null` stays. */
export function omitUndefined<T extends object>(values: T): OmitUndefined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as OmitUndefined<T>;
}
