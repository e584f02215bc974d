import type { RecordingEvent } from '../../shared/recording';
import { laterBy } from '../../shared/rws-time';
import type { VideoGap } from '../media/video-parts';
import type { SliceDamage } from '../media/make-media-file';
import type { JournalSegment } from '../schemas';

/** What the video lacks, for the `eventHistory`. */
export function damageEvents({ start }: JournalSegment, { gaps }: SliceDamage): readonly RecordingEvent[] {
  return gaps.map((gap) => ({ time: laterBy(start.startTime, gap.fromMs), event: 'gap', reason: reasonOf(gap, start.startTime) }));
}

function reasonOf({ toMs }: VideoGap, startTime: string): string {
  const until = toMs === undefined ? 'to the end of this part' : `until ${laterBy(startTime, toMs)}`;
  return `The file was damaged on the disk of the computer that recorded it: nothing is shown ${until}`;
}
