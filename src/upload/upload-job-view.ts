import type { UploadJobState } from '../shared/snapshot';
import { nextTryOf, type CurrentUpload, type UploadEntry, type UploadQueueState, type UploadSurroundings } from './upload-machine';

/** How a job is shown. */
export function viewJob(
  state: UploadQueueState,
  { job, lastReason }: UploadEntry,
  around: Pick<UploadSurroundings, 'now' | 'wallTime' | 'blockOf'>,
): UploadJobState {
  if (job.quarantine !== undefined) return { status: 'quarantined', reason: job.quarantine.reason };
  if (state.current?.mediaId === job.mediaId) return viewUpload(state.current, job.size, around.now);
  const block = around.blockOf(job);
  if (block !== undefined) return { status: 'waiting', ...nextTryAt(block.until ?? 0, around), reason: block.reason };
  if (lastReason === undefined && job.attempts === 0) return { status: 'ready' };
  return {
    status: 'waiting',
    ...nextTryAt(nextTryOf(state, job, around.now), around),
    reason: lastReason ?? 'An earlier try failed.',
  };
}

function nextTryAt(time: number, { now, wallTime }: Pick<UploadSurroundings, 'now' | 'wallTime'>): { readonly nextTry?: string } {
  return time > now ? { nextTry: new Date(wallTime + time - now).toISOString() } : {};
}

function viewUpload({ sent, from }: CurrentUpload, total: number, now: number): UploadJobState {
  const bytesPerMs = from === undefined || now <= from.at ? 0 : (sent - from.sent) / (now - from.at);
  const estimate = bytesPerMs === 0 ? {} : { estimatedSeconds: Math.round((total - sent) / bytesPerMs / 1000) };
  return { status: 'uploading', sent: Math.min(sent, total), total, ...estimate };
}
