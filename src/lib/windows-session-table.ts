/** A `WTS_SESSION_INFOW` of 64-bit Windows: number, name (a pointer), state, each on its own boundary. */
export const SESSION_BYTES = 24;
const NUMBER_AT = 0;
const STATE_AT = 16;
/** WTS_CONNECTSTATE_CLASS: WTSActive and WTSDisconnected. In all others nobody is signed in, or not yet. */
const SIGNED_IN: readonly number[] = [0, 4];
/** The session of the services, which says that it is disconnected. */
const SERVICES = 0;

/** How many people are signed in, by what `WTSEnumerateSessionsW` gives. */
export function countSignedIn(table: Buffer): number {
  const rows = Array.from({ length: Math.floor(table.length / SESSION_BYTES) }, (_, index) => table.subarray(index * SESSION_BYTES));
  return rows.filter((row) => row.readUInt32LE(NUMBER_AT) !== SERVICES && SIGNED_IN.includes(row.readUInt32LE(STATE_AT))).length;
}
