import { failed, ok, skipped, warning, type StepResult } from './step';
import { ask, type Way } from './way-to-rws';

interface ClockLook {
  /** What the server is asked for. */
  readonly path: string;
  readonly now: () => number;
}

const MINUTE_MS = 60_000;
/** Kerberos, TLS and single sign-on commonly bear this much. */
const BEARABLE_MS = 5 * MINUTE_MS;

/**
 * Compares the clock with that of whoever answers. Before TLS is judged, since a wrong clock makes a good certificate look expired; nothing is
 * sent but the request, and an impostor could only make this step complain.
 */
export async function clockStep(name: string, way: Way, { path, now }: ClockLook): Promise<StepResult> {
  const answer = await ask(way, { method: 'GET', path, isFromAnybody: true }).catch(() => undefined); // a later step tells why
  const theirs = Date.parse(answer?.headers.date ?? '');
  if (Number.isNaN(theirs)) return skipped(name, 'The server did not say its time.');
  const difference = now() - theirs;
  if (Math.abs(difference) < MINUTE_MS) return ok(name, 'It agrees with the server’s.');
  const text = `This computer's clock is ${inWords(Math.abs(difference))} ${difference > 0 ? 'ahead of' : 'behind'} the server's: recordings carry wrong times.`;
  const remedy = 'Set the clock of the one that is wrong, and let both take their time from the network.';
  return Math.abs(difference) > BEARABLE_MS ? failed(name, `${text} Certificates may be refused.`, remedy) : warning(name, text, remedy);
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
