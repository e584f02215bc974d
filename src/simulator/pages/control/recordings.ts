import { button, byId, element, table } from './dom';
import type { RecordingRow } from './state-view';

export function showRecordings(recordings: readonly RecordingRow[]): HTMLElement {
  return table(
    ['Received', 'Recording', 'Sent by', 'Over', 'Size', 'SHA-256', ''],
    recordings.map((recording) => [
      new Date(recording.receivedAt).toLocaleTimeString(),
      element('code', '', recording.recordingId),
      recording.uploadedBy,
      recording.dataCentre,
      megabytes(recording.size),
      element('code', '', recording.sha256.slice(0, 12)),
      playButton(recording),
    ]),
    'None yet.',
  );
}

function playButton({ mediaId, recordingId }: RecordingRow): HTMLButtonElement {
  const made = button('Play', () => {
    const player = byId<HTMLVideoElement>('player');
    player.hidden = false;
    player.src = `/recordings/${encodeURIComponent(mediaId)}.mp4`;
    void player.play();
  });
  made.setAttribute('aria-label', `Play ${recordingId}`);
  return made;
}

function megabytes(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(0)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
