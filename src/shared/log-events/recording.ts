import { FAULT, type LogEvents } from './declaration';

export const RECORDING_EVENTS = {
  debug: { 'the screen was locked': 'What is recorded now shows the lock screen.' },
  info: {
    'recorder changed': 'The recorder went `from` one state `to` another.',
    'recordings of an earlier run were finished': 'The program had ended in the middle; `segments` are uploaded now.',
    'the capture page did not close': 'It was ended by force.',
    'the capture page did not stop': 'It was ended by force; what was encoded is kept.',
    'the capture page was not told': 'It goes on as it did.',
    'the capture browser is up': 'Headless service: Chromium is ready to capture.',
    'the X server does not tell its monitors': 'The whole screen is recorded as one.',
    'the X server did not tell its monitors': 'The whole screen is recorded as one.',
    'the X server does not tell changes: a still screen is read as often as a moving one':
      'More processor time; the recording is the same.',
  },
  warn: {
    'an event of the recording was not noted': 'The disk did not take it; the recording goes on.',
    'the windows are not known': '`reason` says why; the whole display is covered, or nothing is recorded (`recording.maskFailure`).',
    'the encoder did not stop by itself': 'It was ended; what it had given is kept.',
    'a recording met a failure': '`reason` says which; the state that follows says what became of it.',
    'the capture is not warm: tried again': 'The next recording may begin a moment late.',
    'the displays together are larger than H.264 takes: recorded smaller': '`picture` is the size of the recording.',
    'the capture page sent something unknown': 'It is left alone.',
    'the capture page did not follow the session': 'It is started with the next recording.',
    'the system lists no displays to record': 'Screens asleep or unplugged; looked at again at the next start.',
    'the X server is gone': 'The agent’s desktop session has ended; recording ends.',
    'the capture browser is gone': 'Chromium ended; a new one is started.',
    'only the windows of X programs are recorded: this is a Wayland session': 'Use an X11 session.',
  },
  error: {
    'a listener of the recorder failed': FAULT,
    'a listener of the capture failed': FAULT,
    'a listener of the capture page failed': FAULT,
    'recordings of an earlier run were not finished': 'They are kept and tried at the next start.',
  },
} as const satisfies LogEvents;
