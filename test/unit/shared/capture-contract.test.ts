import { formatCaptureFault, parseCaptureFault, parseCaptureMessage, parsePageStarted } from '../../../src/shared/capture-contract';

const bytes = new Uint8Array([1]);

describe('messages of the capture page', () => {
  it.each([
    [{ type: 'slice', run: 1, sequence: 0, bytes }],
    [{ type: 'displaysChanged', run: 1 }],
    [{ type: 'ended', run: 1, code: 'crashed', message: 'text' }],
    [{ type: 'stats', run: 1, captured: 5, encoded: 2 }],
  ])('are taken as they are: %j', (message) => {
    expect(parseCaptureMessage(message)).toEqual(message);
  });

  it.each([
    [undefined],
    ['slice'],
    [{}],
    [{ type: 'slice', run: 1, sequence: 0 }],
    [{ type: 'slice', run: 1, sequence: 0, bytes: 'text' }],
    [{ type: 'slice', run: -1, sequence: 0, bytes }],
    [{ type: 'slice', run: 1, sequence: 0.5, bytes }],
    [{ type: 'ended', run: 1, code: 'other', message: 'text' }],
    [{ type: 'other', run: 1 }],
  ])('are dropped when they are none: %j', (message) => {
    expect(parseCaptureMessage(message)).toBeUndefined();
  });

  it('say how a run began only in a known shape', () => {
    expect(parsePageStarted({ mimeType: 'video/webm;codecs=h264', startedAgoMs: 5 })).toEqual({
      mimeType: 'video/webm;codecs=h264',
      startedAgoMs: 5,
    });
    expect(parsePageStarted({ mimeType: 'video/webm', startedAgoMs: 'now' })).toBeUndefined();
    expect(parsePageStarted({ mimeType: '../../x', startedAgoMs: 5 })).toBeUndefined();
  });

  it('carry code and text through the text of an error', () => {
    const text = `page.evaluate: Error: ${formatCaptureFault('permission', 'Not allowed')}`;
    expect(parseCaptureFault(text)).toEqual({ code: 'permission', message: 'Not allowed' });
    expect(parseCaptureFault('Error: something else')).toBeUndefined();
  });
});
