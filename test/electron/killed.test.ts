import { ORDINARY_ACCOUNT } from '../support/accounts';
import { AgentDesk, ANN } from '../support/desktop/agent-desk';
import type { ProcessKind } from '../support/desktop/installed-program';
import { missedPictures } from '../support/frame-check';
import { until } from '../support/until';

/** A slice is a second; what a killed process had not handed over yet is lost. */
const MOST_LOST_MS = 2500;

describe('the application, one of its processes killed while it records', () => {
  let desk: AgentDesk;

  beforeAll(async () => {
    desk = await AgentDesk.create({ account: ORDINARY_ACCOUNT, monitors: 1 });
    await desk.start();
    await desk.logIn();
  });
  afterAll(() => desk?.dispose());

  const isRecording = (): Promise<unknown> =>
    until('a recording that runs', async () => (await desk.snapshot()).recorder.status === 'recording', 30_000);
  const kill = async (kind: ProcessKind): Promise<number> => {
    await desk.program.kill(kind);
    return Date.now();
  };

  it.each(['renderer', 'gpu-process'] as const)('%s: goes on by itself, and RWS has the video before and after', async (kind) => {
    const recordingId = `killed-${kind}`;
    await desk.startRecording(recordingId);
    const from = Date.now();
    await desk.paintForSeconds(4);
    const before = await desk.program.processes(kind);
    const killedAt = await kill(kind);
    await until(
      'another process in its place',
      async () => (await desk.program.processes(kind)).some((id) => !before.includes(id)),
      30_000,
    );
    await isRecording();
    const again = Date.now();
    await desk.paintForSeconds(5);
    const to = Date.now();
    await desk.stopRecording(recordingId);

    const videos = await desk.videos(recordingId);
    expect(desk.wrongFrames(videos)).toEqual([]);
    const frames = videos.flatMap((video) => video.frames);
    expect(missedPictures(frames, desk.painted, from, killedAt - MOST_LOST_MS)).toEqual([]);
    expect(missedPictures(frames, desk.painted, again + MOST_LOST_MS, to)).toEqual([]);
  });

  it('main: after the next start the agent is back without a login, and RWS gets what was recorded', async () => {
    await desk.startRecording('killed-main');
    const from = Date.now();
    await desk.paintForSeconds(5);
    const killedAt = await kill('main');
    await desk.program.exited;
    await desk.start();
    await desk.isUploaded('killed-main');
    const videos = await desk.videos('killed-main');
    expect(desk.wrongFrames(videos)).toEqual([]);
    expect(
      missedPictures(
        videos.flatMap(({ frames }) => frames),
        desk.painted,
        from,
        killedAt - MOST_LOST_MS,
      ),
    ).toEqual([]);

    await desk.isListening();
    expect((await desk.snapshot()).session).toMatchObject({ status: 'connected', agent: { userName: ANN.userName } });
    await desk.startRecording('after');
    await desk.paintForSeconds(3);
    await desk.stopRecording('after');
    expect(desk.wrongFrames(await desk.videos('after'))).toEqual([]);
  });
});
