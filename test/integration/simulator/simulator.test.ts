import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { CONTACT_CENTER_ID } from '../../../src/simulator/accounts';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import type { SimulatorAddresses, SimulatorOptions } from '../../../src/simulator/options';
import { makeUpload, RawClient } from './raw-client';

let storage: string;
let simulator: Simulator;
let addresses: SimulatorAddresses;

async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
  simulator = createSimulator({ accounts: [{ userName: 'agent1', password: 'secret' }], storage, ...options });
  addresses = await simulator.start();
}

beforeEach(async () => {
  storage = await mkdtemp(join(tmpdir(), 'simulator-'));
});

afterEach(async () => {
  await simulator.stop();
  await rm(storage, { recursive: true, force: true });
});

describe('an agent at the simulator', () => {
  beforeEach(() => start());

  it('is told who he is, and gets both cookies', async () => {
    const client = new RawClient(addresses.server);
    const answer = await client.me();
    expect(answer.body).toMatchObject({ statusCode: 0, user: { userName: 'agent1', contactCenterId: CONTACT_CENTER_ID } });
    expect([...client.cookies.keys()]).toEqual(['JSESSIONID', 'RWSNODE']);
  });

  it('is refused with a wrong password', async () => {
    const answer = await new RawClient(addresses.server, 'agent1', 'wrong').me();
    expect([answer.status, answer.body]).toEqual([401, { statusCode: 20, statusMessage: 'Not authenticated' }]);
  });

  it('hears the commands given while he polls', async () => {
    const client = new RawClient(addresses.server);
    await client.signIn();
    expect(simulator.control.agents()).toMatchObject([{ userName: 'agent1', isListening: true, hasSession: true }]);
    const poll = client.connect();
    const { recordingId } = simulator.control.startRecording('agent1');
    const [message] = await poll;
    expect(message).toMatchObject({
      channel: '/v2/me/screen-recording',
      data: { messageType: 'ScreenRecordingMessage', operationName: 'StartScreenRecording', recording: { id: recordingId } },
    });
  });

  it('keeps a command for the next poll when the socket of this one is gone', async () => {
    const client = new RawClient(addresses.server);
    await client.signIn();
    await expect(Promise.all([client.connect(), pollIsHeld().then(() => simulator.control.cutConnections())])).rejects.toThrow();
    const { recordingId } = simulator.control.startRecording('agent1');
    expect(await client.connect()).toContainEqual(
      expect.objectContaining({ data: expect.objectContaining({ recording: expect.objectContaining({ id: recordingId }) }) }),
    );
  });

  it('reports the state of a recording', async () => {
    const client = new RawClient(addresses.server);
    await client.signIn();
    const json = { operationName: 'ReportScreenRecordingState', state: 'Recording', clientVersion: '8.5.100.00' };
    expect((await client.ask('POST', '/api/v2/me/screen-recordings/r1', { json })).body).toEqual({ statusCode: 0 });
    expect(simulator.control.reports()).toMatchObject([{ userName: 'agent1', recordingId: 'r1', state: 'Recording' }]);
  });

  it('uploads a recording once', async () => {
    const client = new RawClient(addresses.server);
    const upload = makeUpload(randomBytes(300_000), CONTACT_CENTER_ID);
    const first = await client.ask('POST', upload.path, { body: upload.form });
    expect([first.status, first.body]).toMatchObject([201, { statusCode: 0, size: '300000' }]);
    expect(upload.media.equals(await readFile(join(storage, upload.recordingId, `${upload.mediaId}.mp4`)))).toBe(true);
    const second = await client.ask('POST', upload.path, { body: upload.form });
    expect([second.status, second.body['statusCode']]).toEqual([409, 18]);
    expect(await readdir(join(storage, '.incoming'))).toEqual([]);
  });
});

it('still knows the recordings of earlier runs', async () => {
  await start();
  const upload = makeUpload(randomBytes(10), CONTACT_CENTER_ID);
  await new RawClient(addresses.server).ask('POST', upload.path, { body: upload.form });
  await simulator.stop();
  await start();
  expect(simulator.control.recordings()).toMatchObject([{ mediaId: upload.mediaId, uploadedBy: 'agent1', size: 10 }]);
});

/** The simulator has a poll in its hands: it was received and not answered. */
async function pollIsHeld(): Promise<void> {
  const isHeld = (): boolean => simulator.control.requests().some(({ path, status }) => path.endsWith('/connect') && status === undefined);
  while (!isHeld()) await new Promise((resolve) => setImmediate(resolve));
}
