import { issueLoopbackCertificate } from '../../support/loopback-certificate';
import { basic, sendRequest } from '../../support/http-request';
import { until } from '../../support/until';
import { RawClient } from './raw-client';
import { SimulatorUnderTest } from './simulator-under-test';

const rws = new SimulatorUnderTest();

afterEach(() => rws.stop());

describe('a server', () => {
  let client: RawClient;

  beforeEach(async () => {
    await rws.start();
    client = rws.client();
    await client.signIn();
  });

  it('that restarts cuts the poll and knows nobody any more, at the same address', async () => {
    await expect(Promise.all([client.connect(), rws.untilPollIsHeld().then(() => rws.simulator.control.restart())])).rejects.toThrow();
    expect(rws.simulator.control.agents()).toEqual([]);
    expect((await client.connect())[0]).toMatchObject({ error: '402::session_unknown', advice: { reconnect: 'handshake' } });
  });

  it('that is offline is not reached, and knows its sessions when it is back', async () => {
    await rws.simulator.control.goOffline();
    await expect(client.me()).rejects.toThrow();
    await rws.simulator.control.goOnline();
    const poll = client.connect();
    rws.simulator.control.startRecording('agent1');
    expect((await poll)[0]).toMatchObject({ channel: '/v2/me/screen-recording' });
  });

  it('that drops its sessions goes on for new ones', async () => {
    rws.simulator.control.dropSessions();
    const [reply] = await until('a new connection', () => client.connect().catch(() => undefined));
    expect(reply).toMatchObject({ error: '402::session_unknown' });
    await client.signIn();
    expect(rws.simulator.control.agents()).toMatchObject([{ isListening: true, hasSession: true }]);
  });

  it('ends a session whose polls do not come', async () => {
    await rws.stop();
    await rws.start({ bayeux: { maxInterval: 100 } });
    const other = rws.client();
    await other.signIn();
    await expect(
      Promise.all([other.connect(), rws.untilPollIsHeld().then(() => rws.simulator.control.cutConnections())]),
    ).rejects.toThrow();
    while (rws.simulator.control.agents().length > 0)
      await new Promise((resolve) => rws.simulator.control.onChange(() => resolve(undefined)));
  });

  it('answers a poll with nothing when its time is over', async () => {
    await rws.stop();
    await rws.start({ bayeux: { timeout: 50 } });
    const other = rws.client();
    await other.signIn();
    expect(await other.connect()).toEqual([expect.objectContaining({ channel: '/meta/connect', successful: true })]);
  });
});

it('a pair shares agents and recordings, not sessions', async () => {
  await rws.start({ isPair: true });
  const peer = new RawClient(rws.addresses.peer ?? '');
  await peer.signIn();
  expect(rws.simulator.control.agents()).toMatchObject([{ userName: 'agent1', dataCentre: 'peer' }]);
  await rws.simulator.control.goOffline('primary');
  const poll = peer.connect();
  rws.simulator.control.startRecording('agent1');
  expect((await poll)[0]).toMatchObject({ channel: '/v2/me/screen-recording' });
  expect(rws.simulator.control.dataCentres().map(({ isOnline }) => isOnline)).toEqual([false, true]);
});

it('speaks TLS with the certificate it is given', async () => {
  const { key, cert } = await issueLoopbackCertificate();
  await rws.start({ tls: { key, cert } });
  expect(rws.addresses.server).toMatch(/^https:/);
  const { json } = await sendRequest(rws.addresses.server, { path: '/api/v2/me', headers: { Authorization: basic('agent1', 'secret') } });
  expect(json).toMatchObject({ statusCode: 0 });
});

it('says which port is taken, and leaves nothing open', async () => {
  await rws.start();
  const other = new SimulatorUnderTest();
  const port = Number(new URL(rws.addresses.desktop).port);
  await expect(other.start({ desktopPort: port })).rejects.toMatchObject({
    code: 'portTaken',
    message: expect.stringContaining(String(port)),
  });
  await other.stop();
});

it('sends no command to nobody', async () => {
  await rws.start();
  expect(() => rws.simulator.control.startRecording('agent1')).toThrow('not connected');
});

it('tells an agent’s calls', async () => {
  await rws.start();
  const client = rws.client();
  await client.signIn();
  rws.simulator.control.callState('agent1', { id: 'c1', callUuid: 'CALL', state: 'Established', recordingState: 'Recording' });
  expect((await client.connect())[0]).toMatchObject({
    channel: '/v2/me/calls',
    data: { messageType: 'CallStateChangeMessage', call: { callUuid: 'CALL', recordingState: 'Recording' } },
  });
});
