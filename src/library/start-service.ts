import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../config/load-configuration';
import type { Configuration } from '../config/schema';
import { startHeadless, type RunningHeadless } from '../headless/start-headless';
import { removeFolder } from '../lib/held-files';
import { MemoryKeychain } from '../lib/memory-keychain';
import { AppError } from '../shared/errors';
import type { RunningService, ServiceConfiguration, ServiceOptions } from './service-types';
import { waitFor } from './wait-for';

/**
 * The whole service in this process, for tests of agent desktops (docs/agent-desktops.md, *Testing your desktop*). Resolves when it listens.
 * Throws with what is wrong in `configuration`, and when a port is taken; nothing is left behind then.
 */
export async function startHeadlessService(options: ServiceOptions = {}): Promise<RunningService> {
  const folder = await mkdtemp(join(tmpdir(), 'screen-recording-service-'));
  try {
    const config = await readConfiguration(options.configuration ?? {}, folder);
    const running = await startHeadless({
      config,
      isDemo: false,
      useVirtualDisplay: options.virtualDisplay ?? true,
      keychain: new MemoryKeychain(),
      logSink: { write: (line) => options.onLog?.(line) },
    });
    await refuseSilence(running);
    return present(running, config, folder);
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}

/** Through a file, so that everything is checked as it is for an installed service. */
async function readConfiguration(given: ServiceConfiguration, folder: string): Promise<Configuration> {
  const dataDirectory = join(folder, 'data');
  await mkdir(dataDirectory, { mode: 0o700 });
  const file = join(folder, 'configuration.json');
  const values = {
    dataDirectory,
    credentialStore: 'memory',
    ...given,
    http: { port: 0, ...given.http },
    https: { enabled: false, ...given.https },
    spool: { minFreeMegabytes: 50, ...given.spool },
    log: { level: 'info', ...given.log },
  };
  await writeFile(file, JSON.stringify(values, null, 2));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SRS_')));
  return loadConfiguration({ file, env, machineFile: join(folder, 'no-machine-file.json') });
}

/** The installed service waits for a port that another user holds; a test shall hear of it. */
async function refuseSilence(running: RunningHeadless): Promise<void> {
  if (running.endpoints.length > 0) return;
  const [problem] = running.host.service.snapshot().problems;
  await running.stop();
  throw new AppError('portTaken', problem === undefined ? 'The service listens nowhere.' : `${problem.text} ${problem.remedy}`);
}

function present({ host, endpoints, stop }: RunningHeadless, { dataDirectory }: Configuration, folder: string): RunningService {
  const { service } = host;
  let stopped: Promise<void> | undefined;
  return {
    url: endpoints[0] ?? '',
    urls: endpoints,
    dataDirectory,
    status: () => service.snapshot(),
    onStatus: (listener) => service.onChange(listener),
    waitFor: (what, holds, timeoutMs) =>
      waitFor(
        () => {
          const status = service.snapshot();
          return holds(status) && status;
        },
        {
          what,
          timeoutMs,
          subscribe: (listener) => service.onChange(listener),
          describe: () => `The status is ${JSON.stringify(service.snapshot())}`,
        },
      ),
    stop: () => (stopped ??= stop().then(() => removeFolder(folder))),
  };
}
