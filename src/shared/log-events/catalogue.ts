import type { LogLevel } from '../log-level';
import { API_EVENTS, SIMULATOR_EVENTS } from './api';
import { DESKTOP_EVENTS, HOST_EVENTS } from './host';
import { RECORDING_EVENTS } from './recording';
import { SESSION_EVENTS } from './session';
import { SPOOL_EVENTS, UPLOAD_EVENTS } from './spool';

/** Every line the log can hold, by subject. The logger takes no other; docs/log-events.md is generated from this. */
export const LOG_EVENTS = {
  'Local API and certificate': API_EVENTS,
  'Agent’s session and RWS': SESSION_EVENTS,
  Recording: RECORDING_EVENTS,
  'Waiting recordings': SPOOL_EVENTS,
  Uploads: UPLOAD_EVENTS,
  'Start, stop, keychain, files': HOST_EVENTS,
  'Tray application': DESKTOP_EVENTS,
  'Simulator (trials only)': SIMULATOR_EVENTS,
} as const;

type Subjects = (typeof LOG_EVENTS)[keyof typeof LOG_EVENTS];
type TextsAt<Subject, L extends LogLevel> = Subject extends { readonly [level in L]: infer Texts } ? keyof Texts : never;

/** The fixed texts of a level. */
export type LogMessage<L extends LogLevel> = Extract<TextsAt<Subjects, L>, string>;
