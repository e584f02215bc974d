import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from '../lib/held-files';
import { createSimulator, type Simulator } from '../simulator/create-simulator';
import type { SimulatorAddresses } from '../simulator/options';
import type { RunningSimulator, SimulatorOptions } from './simulator-types';
import { waitFor } from './wait-for';

/** A recording server for tests, on loopback. Resolves when it listens; throws when a port is taken, and leaves nothing behind then. */
export async function startRecordingServer({ agents, storage, port, isPair }: SimulatorOptions): Promise<RunningSimulator> {
  const folder = storage === undefined ? await mkdtemp(join(tmpdir(), 'screen-recording-simulator-')) : undefined;
  const cleanUp = async (): Promise<void> => {
    if (folder !== undefined) await removeFolder(folder);
  };
  const simulator = createSimulator({
    accounts: agents,
    storage: storage ?? folder ?? '',
    ...(port === undefined ? {} : { port }),
    ...(isPair === undefined ? {} : { isPair }),
  });
  try {
    return present(simulator, await simulator.start(), cleanUp);
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

function present({ control, stop }: Simulator, addresses: SimulatorAddresses, cleanUp: () => Promise<void>): RunningSimulator {
  const { server, peer, control: controlUrl, desktop: desktopUrl } = addresses;
  let stopped: Promise<void> | undefined;
  return {
    url: server,
    ...(peer === undefined ? {} : { peerUrl: peer }),
    controlUrl,
    desktopUrl,
    listeningAgents: () =>
      control
        .agents()
        .filter(({ isListening }) => isListening)
        .map(({ userName }) => userName),
    startRecording: (userName, options) => control.startRecording(userName, options),
    stopRecording: (userName, recordingId) => control.stopRecording(userName, recordingId),
    pauseRecording: (userName, recordingId) => control.pauseRecording(userName, recordingId),
    resumeRecording: (userName, recordingId) => control.resumeRecording(userName, recordingId),
    recordings: () => control.recordings(),
    mediaPath: (mediaId) => control.mediaPath(mediaId),
    reports: () => control.reports(),
    goOffline: () => control.goOffline(),
    goOnline: () => control.goOnline(),
    waitFor: (what, probe, timeoutMs) =>
      waitFor(probe, {
        what,
        timeoutMs,
        subscribe: (listener) => control.onChange(listener),
        describe: () => `Reports: ${JSON.stringify(control.reports())}; recordings: ${control.recordings().length}.`,
      }),
    stop: () => (stopped ??= stop().then(cleanUp)),
  };
}
