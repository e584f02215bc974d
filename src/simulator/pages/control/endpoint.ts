import { byId } from './dom';

/** Asks the control endpoint; what goes wrong is shown on the page. */
export async function ask(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> {
  const message = byId('message');
  message.textContent = '';
  try {
    const response = await fetch(path, {
      method,
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok)
      message.textContent = ((await response.json()) as { error?: string }).error ?? `The simulator answered ${response.status}.`;
  } catch {
    message.textContent = 'The simulator does not answer.';
  }
}
