import { randomUUID } from 'node:crypto';
import { loadConfiguration } from '../../../src/config/load-configuration';
import { join } from 'node:path';
import { composeHost } from '../../../src/host/compose-host';
import type { Host } from '../../../src/host/host';
import { silentLogger } from '../../../src/lib/logger';
import { Secret } from '../../../src/lib/secret';
import { FakeKeychain } from '../../fakes/fake-keychain';
import { ServiceRig } from '../../support/service-rig';
import { until } from '../../support/until';

const AGENT = { userName: 'anna', password: randomUUID() };

describe('a session that goes to the background', () => {
  let rig: ServiceRig;
  let host: Host;
  beforeEach(async () => {
    rig = await ServiceRig.create();
  });
  afterEach(async () => {
    await host.stop();
    await rig.dispose();
  });

  async function compose(server: string): Promise<Host> {
    const config = await loadConfiguration({
      env: {
        SRS_DATA_DIRECTORY: rig.dataDirectory,
        SRS_SPOOL_MIN_FREE_MEGABYTES: '1',
        SRS_SERVER: server,
        SRS_HTTP_PORT: '0',
        SRS_HTTPS_ENABLED: 'false',
      },
      machineFile: join(rig.directory, 'none.json'),
      userFile: join(rig.directory, 'none.json'),
    });
    return composeHost({
      config,
      capture: rig.capture,
      log: silentLogger,
      isDemo: false,
      keychain: Object.assign(new FakeKeychain(), { stop: async () => undefined }),
      directory: { hold: async () => undefined },
      lookAtSession: async () => undefined,
    });
  }
  const signIn = () =>
    host.service.login({ credentials: { userName: AGENT.userName, password: new Secret(AGENT.password) }, details: { devices: [] } });

  it('finishes its recording, ends its session and gives up the port; in front again it listens, signed out', async () => {
    const { simulator, server } = await rig.startSimulator([AGENT]);
    host = await compose(server);
    expect(await host.start()).toHaveLength(1);
    await signIn();
    simulator.control.startRecording(AGENT.userName, { recordingId: 'rec-1' });
    await until('the recorder to record', () => host.service.snapshot().recorder.status === 'recording');
    host.power.inFront(false);
    await until('the port to be given up', () => host.service.snapshot().endpoints.length === 0);
    await until('the session to end', () => host.service.current() === undefined);
    await until('the recording to be finished', () => host.service.snapshot().recorder.status === 'idle');
    expect(host.service.snapshot().problems.map(({ code }) => code)).toContain('inBackground');
    host.power.inFront(true);
    await until('the port to be taken again', () => host.service.snapshot().endpoints.length === 1);
    expect(host.service.current()).toBeUndefined();
    expect(host.service.snapshot().problems.map(({ code }) => code)).not.toContain('inBackground');
  });

  it('ends a session that a login under way opens there', async () => {
    const { server } = await rig.startSimulator([AGENT]);
    host = await compose(server);
    await host.start();
    const login = signIn();
    host.power.inFront(false);
    await login;
    await until('the session to end', () => host.service.current() === undefined);
  });
});
