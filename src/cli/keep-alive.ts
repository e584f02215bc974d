const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Keeps the process alive until released: the service's own timers and sockets don't. */
export function keepAlive(): () => void {
  const timer = setInterval(() => undefined, LONGEST_TIMER_MS);
  return () => clearInterval(timer);
}
