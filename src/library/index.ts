import type * as Public from './public';
import { startHeadlessService } from './start-service';
import { startRecordingServer } from './start-simulator';

/** `public.ts` is what the package shows of this to TypeScript. */
export const startService: typeof Public.startService = startHeadlessService;
export const startSimulator: typeof Public.startSimulator = startRecordingServer;
