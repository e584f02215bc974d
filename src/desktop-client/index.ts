export { createScreenRecordingClient } from './client';
export { isClientError, ScreenRecordingClientError, type ClientErrorCode } from './errors';
export { lookUpLoopbackAccess, type LoopbackAccess } from './loopback-access';
export type {
  AgentCredentials,
  ClientState,
  LoginConfiguration,
  ScreenRecordingClient,
  ScreenRecordingClientOptions,
  SignedInUser,
  Timers,
} from './types';
