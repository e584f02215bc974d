import type { RwsConfiguration } from '../config/schema';
import type { StateReport } from '../shared/recording';
import type { SessionDetails } from './ports';
import { pathSegment } from '../shared/well-formed';
import { omitUndefined } from '../shared/omit-undefined';

/** The announcing header of CSRF by indirection: its value is the name of the header that carries the token (rws.md, *Conventions*). */
export const CSRF_ANNOUNCING_HEADER = 'x-csrf-header';
/** The one refusal by 403 that a fresh token cures. */
export const CSRF_REFUSAL = /missing or invalid csrf token/i;
/** The own channel of this service: it must not log the agent in to telephony. */
const SESSION_CHANNEL = 'screenRecording';
export const CALL_MESSAGE_TYPE = 'CallStateChangeMessage';
export const CALL_RECORDING_STATE = { recording: 'recording', paused: 'paused', stopped: 'stopped' } as const;
export const CALL_RELEASED = 'released';

/** Every name on the wire that is our contract rather than public; each is a setting (rws.md). */
export interface RwsProtocol {
  readonly paths: { readonly me: string; readonly notifications: string; readonly version: string };
  readonly channel: string;
  readonly messageType: string;
  readonly operations: RwsConfiguration['operations'];
  reportPath(recordingId: string): string;
  /** Body of step 2, or `undefined` when the step is switched off. */
  startBody(details: SessionDetails): object | undefined;
  /** Body of step 5, or `undefined` when the step is switched off. */
  endBody(): object | undefined;
  reportBody(report: StateReport, clientVersion: string): object;
}

export function createProtocol(config: RwsConfiguration): RwsProtocol {
  const { startOperation, endOperation, operations } = config;
  return {
    paths: config.paths,
    channel: config.channel,
    messageType: config.messageType,
    operations,
    reportPath: (recordingId) => config.paths.report.replace('{recordingId}', pathSegment(recordingId)),
    startBody: ({ place, devices }) =>
      startOperation === null
        ? undefined
        : {
            operationName: startOperation,
            channels: [SESSION_CHANNEL],
            ...omitUndefined({ place }),
            ...(devices.length === 0 ? {} : { devices }),
          },
    endBody: () => (endOperation === null ? undefined : { operationName: endOperation }),
    reportBody: ({ state, reason, code, startTime, stopTime }, clientVersion) => ({
      operationName: operations.report,
      state,
      ...omitUndefined({ reason, code }),
      clientVersion,
      ...omitUndefined({ startTime, stopTime }),
    }),
  };
}
