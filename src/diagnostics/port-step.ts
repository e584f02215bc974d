import type { Configuration } from '../config/schema';
import { readEndpointsFile } from '../host/endpoints-file';
import { toPortProblem } from '../lib/port-refusal';
import { probePort } from '../lib/probe-port';
import { systemConnectionOwners } from '../lib/system-connection-owners';
import { deniedPortRemedy, deniedPortText, takenPortRemedy, takenPortText } from '../shared/port-texts';
import { failed, ok, skipped, type StepResult } from './step';

/** Whether the service can have its port, on both loopback addresses, and who has it otherwise. */
export async function portStep(
  scheme: 'http' | 'https',
  { enabled, port }: { readonly enabled: boolean; readonly port: number },
  { dataDirectory }: Pick<Configuration, 'dataDirectory'>,
): Promise<StepResult> {
  const name = `${scheme} port`;
  if (!enabled) return skipped(name, 'Switched off.');
  if (port === 0) return ok(name, 'Any free port is taken at start.');
  const running = await readEndpointsFile(dataDirectory);
  if (running?.endpoints.some((endpoint) => new URL(endpoint).port === String(port))) {
    return ok(name, `This service listens on ${port} (process ${running.pid}).`);
  }
  const taken = await probePort(port);
  if (taken === undefined) return ok(name, `Port ${port} is free.`);
  const holder = await systemConnectionOwners()
    .holderOf(port)
    .catch(() => undefined); // it is told without, then
  const { address, code } = taken;
  const problem = toPortProblem({ address, port, setting: `${scheme}.port` }, code, holder);
  return problem.code === 'portDenied'
    ? failed(name, `It cannot be taken (${code}): ${deniedPortText(problem.facts)}.`, deniedPortRemedy(problem.facts))
    : failed(name, `It cannot be taken (${code}): ${takenPortText(problem.facts)}.`, takenPortRemedy(problem.facts));
}
