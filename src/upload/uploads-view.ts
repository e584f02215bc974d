import { omitUndefined } from '../shared/omit-undefined';
import type { UploadJobState, UploadsState } from '../shared/snapshot';
import { nextTryOf } from './upload-machine';
import type { CurrentUpload, UploadBlock, UploadBlocks, UploadEntry, UploadMachineState, UploadSurroundings } from './upload-state';

type Times = Pick<UploadSurroundings, 'now' | 'wallTime'>;

/** How the queue is shown. */
export function viewUploads(state: UploadMachineState, blocks: UploadBlocks, times: Times): UploadsState {
  const jobs = state.entries.map((entry) => ({
    mediaId: entry.job.mediaId,
    recordingId: entry.job.recordingId,
    userName: entry.job.userName,
    size: entry.job.size,
    createdAt: new Date(entry.job.createdAt).toISOString(),
    state: viewJob(state, entry, blocks.get(entry.job.mediaId), times),
  }));
  const pendingBytes = jobs.reduce((sum, job) => sum + (job.state.status === 'quarantined' ? 0 : job.size), 0);
  return { jobs, pendingBytes };
}

function viewJob(
  state: UploadMachineState,
  { job, lastReason }: UploadEntry,
  block: UploadBlock | undefined,
  times: Times,
): UploadJobState {
  if (job.quarantine !== undefined) {
    const { reason, code } = job.quarantine;
    return { status: 'quarantined', reason, ...omitUndefined({ code }) };
  }
  if (state.current?.mediaId === job.mediaId) return viewUpload(state.current, job.size, times.now);
  if (block !== undefined) return { status: 'waiting', ...nextTryAt(block.until ?? 0, times), reason: block.reason };
  if (lastReason === undefined && job.attempts === 0) return { status: 'ready' };
  return {
    status: 'waiting',
    ...nextTryAt(nextTryOf(state, job, times.now), times),
    reason: lastReason ?? 'An earlier try failed.',
  };
}

function nextTryAt(time: number, { now, wallTime }: Times): { readonly nextTry?: string } {
  return time > now ? { nextTry: new Date(wallTime + time - now).toISOString() } : {};
}

function viewUpload({ sent, from }: CurrentUpload, total: number, now: number): UploadJobState {
  const bytesPerMs = from === undefined || now <= from.at ? 0 : (sent - from.sent) / (now - from.at);
  const estimate = bytesPerMs === 0 ? {} : { estimatedSeconds: Math.round((total - sent) / bytesPerMs / 1000) };
  return { status: 'uploading', sent: Math.min(sent, total), total, ...estimate };
}
