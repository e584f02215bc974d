import * as fc from 'fast-check';
import { rwsSchema } from '../../../src/config/schema';
import { createProtocol } from '../../../src/rws/protocol';
import { parseRecordingCommand } from '../../../src/rws/triggers/recording-commands';
import { pathSegment, wellFormed } from '../../../src/shared/well-formed';
import { fillPath } from '../../../src/upload/media-sender';
import { exampleJob } from '../../fakes/fake-job-store';

const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });

describe('text that holds lone halves of UTF-16 pairs', () => {
  it.each([
    ['\ud800', '\ufffd'],
    ['a\udc00b', 'a\ufffdb'],
    ['\ud83d\ude00', '\ud83d\ude00'],
    ['\udc00\ud800', '\ufffd\ufffd'],
    ['\ud83d\ud83d\ude00', '\ufffd\ud83d\ude00'],
  ])('%j becomes %j', (text, expected) => {
    expect(wellFormed(text)).toBe(expected);
  });

  it('is what an encoder makes of it, and always a segment of a path', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(wellFormed(text)).toBe(Buffer.from(text).toString());
        expect(decodeURIComponent(pathSegment(text))).toBe(wellFormed(text));
        expect(pathSegment(text)).not.toContain('/');
      }),
    );
  });

  it('as a recording id: it can be commanded, reported and uploaded, under one and the same name', () => {
    const protocol = createProtocol(rwsSchema.parse({}));
    const message = { messageType: protocol.messageType, operationName: protocol.operations.start, recording: { id: 'r\ud800' } };
    expect(parseRecordingCommand(message, protocol)).toEqual({ type: 'start', recording: { id: 'r\ufffd' } });
    expect(protocol.reportPath('r\ud800')).toContain('r%EF%BF%BD');
    const job = exampleJob('m1', Buffer.alloc(1), { recordingId: 'r\ud800' });
    expect(fillPath('/{contactCenterId}/{recordingId}/{mediaId}', { job, contactCenterId: 'cc' })).toContain('/cc/r%EF%BF%BD/');
  });
});
