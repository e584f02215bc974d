import { rwsSchema } from '../../../src/config/schema';
import { CallRecordings } from '../../../src/rws/triggers/call-recordings';
import { createProtocol } from '../../../src/rws/protocol';
import { parseRecordingCommand } from '../../../src/rws/triggers/recording-commands';
import type { RecordingCommand } from '../../../src/shared/recording';

const protocol = createProtocol(rwsSchema.parse({}));
const message = (operationName: string, recording: unknown = { id: 'r1' }, messageType = 'ScreenRecordingMessage') => ({
  messageType,
  operationName,
  recording,
});

describe('trigger "command"', () => {
  it.each<readonly [string, unknown, RecordingCommand | undefined]>([
    ['a start', message('StartScreenRecording'), { type: 'start', recording: { id: 'r1' } }],
    [
      'a start with everything',
      message('StartScreenRecording', {
        id: 'r1',
        callUuid: 'u',
        region: 'north',
        parameters: { a: 1 },
        encoding: { framesPerSecond: 7, videoBitsPerSecond: 1e6 },
        more: 1,
      }),
      {
        type: 'start',
        recording: {
          id: 'r1',
          callUuid: 'u',
          region: 'north',
          parameters: { a: 1 },
          encoding: { framesPerSecond: 7, videoBitsPerSecond: 1e6 },
        },
      },
    ],
    [
      'numbers as strings',
      message('StartScreenRecording', { id: 7, encoding: { framesPerSecond: '3' } }),
      { type: 'start', recording: { id: '7', encoding: { framesPerSecond: 3 } } },
    ],
    [
      'nonsense in what is optional',
      message('StartScreenRecording', { id: 'r1', region: {}, parameters: 'x', encoding: { framesPerSecond: -1 } }),
      { type: 'start', recording: { id: 'r1', encoding: {} } },
    ],
    [
      'null in what is optional',
      message('StartScreenRecording', { id: 'r1', callUuid: null, region: null, parameters: null, encoding: null }),
      { type: 'start', recording: { id: 'r1' } },
    ],
    ['a stop', message('StopScreenRecording'), { type: 'stop', recordingId: 'r1' }],
    ['a pause', message('PauseScreenRecording'), { type: 'pause', recordingId: 'r1' }],
    ['a resume', message('ResumeScreenRecording'), { type: 'resume', recordingId: 'r1' }],
    ['another operation', message('DeleteScreenRecording'), undefined],
    ['another message', message('StartScreenRecording', { id: 'r1' }, 'CallStateChangeMessage'), undefined],
    ['no id', message('StartScreenRecording', {}), undefined],
    ['an empty id', message('StartScreenRecording', { id: '' }), undefined],
    ['no object', 'StartScreenRecording', undefined],
    ['nothing', undefined, undefined],
  ])('%s', (_what, data, command) => {
    expect(parseRecordingCommand(data, protocol)).toEqual(command);
  });

  const unreadable = { application: '*', note: 'A rule of the start command could not be read' };
  it.each([
    [[{ title: 'Cards*' }], [{ title: 'Cards*' }]],
    [
      [{ title: 'Cards*' }, { title: 7 }],
      [{ title: 'Cards*' }, unreadable],
    ],
    [[{ note: 'names nothing' }], [unreadable]],
    [[{ title: '' }], [unreadable]],
    [[{ titel: 'Cards*' }], [unreadable]],
    [['Cards*'], [unreadable]],
    ['Cards*', [unreadable]],
    [{ title: 'Cards*' }, [unreadable]],
  ])('the masks %j of a start cover no less than was meant, and the start counts', (masks, expected) => {
    const command = parseRecordingCommand(message('StartScreenRecording', { id: 'r1', masks }), protocol);
    expect(command).toEqual({ type: 'start', recording: { id: 'r1', masks: expected } });
  });

  it('goes by the configured names', () => {
    const renamed = createProtocol(rwsSchema.parse({ messageType: 'M', operations: { start: 'Go' } }));
    expect(parseRecordingCommand(message('Go', { id: 'r' }, 'M'), renamed)).toEqual({ type: 'start', recording: { id: 'r' } });
    expect(parseRecordingCommand(message('StartScreenRecording'), renamed)).toBeUndefined();
  });
});

describe('trigger "callRecording"', () => {
  const call = (fields: object) => ({ messageType: 'CallStateChangeMessage', call: { id: 'c1', callUuid: 'ABC-1', ...fields } });
  const start = { type: 'start', recording: { id: 'ABC-1', callUuid: 'ABC-1' } };

  it.each<readonly [string, readonly object[], readonly (object | undefined)[]]>([
    [
      'a whole call',
      [
        call({ state: 'Established', recordingState: 'Recording' }),
        call({ recordingState: 'Paused' }),
        call({ recordingState: 'Recording' }),
        call({ recordingState: 'Stopped' }),
      ],
      [start, { type: 'pause', recordingId: 'ABC-1' }, { type: 'resume', recordingId: 'ABC-1' }, { type: 'stop', recordingId: 'ABC-1' }],
    ],
    [
      'a call that is released while recorded',
      [call({ recordingState: 'Recording' }), call({ state: 'Released', recordingState: 'Recording' })],
      [start, { type: 'stop', recordingId: 'ABC-1' }],
    ],
    [
      'repeated events',
      [
        call({ recordingState: 'Recording' }),
        call({ recordingState: 'Recording' }),
        call({ recordingState: 'Stopped' }),
        call({ state: 'Released' }),
      ],
      [start, undefined, { type: 'stop', recordingId: 'ABC-1' }, undefined],
    ],
    [
      'mixed case of one GUID',
      [call({ recordingState: 'Recording' }), call({ callUuid: 'abc-1', recordingState: 'stopped' })],
      [start, { type: 'stop', recordingId: 'ABC-1' }],
    ],
    [
      'no callUuid',
      [{ messageType: 'CallStateChangeMessage', call: { id: 17, recordingState: 'Recording' } }],
      [{ type: 'start', recording: { id: '17' } }],
    ],
    [
      'participants, metrics and numbers of every generation',
      [call({ recordingState: 'Recording', participants: ['5001', { e164Number: '+41' }], duration: '-3', dnis: 17, metrics: null })],
      [start],
    ],
    [
      'a call nobody records',
      [call({ state: 'Ringing' }), call({ state: 'Established' }), call({ state: 'Released' })],
      [undefined, undefined, undefined],
    ],
    ['a pause nobody asked for', [call({ recordingState: 'Paused' })], [undefined]],
    [
      'other messages',
      [{ messageType: 'DeviceStateChangeMessage' }, call({ callUuid: null, id: null, recordingState: 'Recording' })],
      [undefined, undefined],
    ],
    [
      'two calls at once',
      [
        call({ recordingState: 'Recording' }),
        call({ callUuid: 'D', recordingState: 'Recording' }),
        call({ recordingState: 'Stopped' }),
        call({ callUuid: 'D', recordingState: 'Stopped' }),
      ],
      [
        start,
        { type: 'start', recording: { id: 'D', callUuid: 'D' } },
        { type: 'stop', recordingId: 'ABC-1' },
        { type: 'stop', recordingId: 'D' },
      ],
    ],
  ])('%s', (_what, messages, commands) => {
    const calls = new CallRecordings();
    expect(messages.map((data) => calls.next(data))).toEqual(commands);
  });
});
