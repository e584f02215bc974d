import type { DisplayGeometry } from '../../shared/display';
import { paintPlanes, type Planes } from './paint-planes';
import { label } from './label';
import type { Cover } from './looks';

const GREY = '#6e6e6e';

/** Takes the frame over and returns one whose covered pixels are gone, of the same size and time. @param cover in pixels of the frame */
export async function coverFrame(frame: VideoFrame, cover: Cover): Promise<VideoFrame> {
  if (cover !== 'all' && cover.length === 0) return frame;
  const areas = cover === 'all' ? [{ x: 0, y: 0, width: frame.displayWidth, height: frame.displayHeight }] : cover;
  try {
    return (cover === 'all' ? undefined : await inPlanes(frame, areas)) ?? onCanvas(frame, areas, cover === 'all');
  } finally {
    frame.close();
  }
}

/** In the frame's own pixels: several times as cheap as through a canvas. `undefined` when they cannot be read, or are of another kind. */
async function inPlanes(frame: VideoFrame, areas: readonly DisplayGeometry[]): Promise<VideoFrame | undefined> {
  const { format, visibleRect, displayWidth, displayHeight, colorSpace, timestamp } = frame;
  if ((format !== 'I420' && format !== 'NV12') || visibleRect === null) return undefined;
  const { width, height } = visibleRect;
  if (width !== displayWidth || height !== displayHeight) return undefined;
  let pixels: Uint8Array<ArrayBuffer>;
  let layout: PlaneLayout[];
  try {
    pixels = new Uint8Array(frame.allocationSize());
    layout = await frame.copyTo(pixels);
  } catch {
    return undefined; // a texture's pixels can be drawn, but not read
  }
  const planes: Planes = { format, pixels, layout };
  paintPlanes(planes, { width, height }, areas, label());
  const given = { format, layout, codedWidth: width, codedHeight: height, colorSpace, timestamp, transfer: [pixels.buffer] };
  return new VideoFrame(pixels, given);
}

/** @param isAll nothing of the frame is drawn */
function onCanvas(frame: VideoFrame, areas: readonly DisplayGeometry[], isAll: boolean): VideoFrame {
  const { displayWidth: width, displayHeight: height, timestamp } = frame;
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false, willReadFrequently: true });
  if (context === null) throw new Error('no canvas');
  if (!isAll) context.drawImage(frame, 0, 0, width, height);
  const { canvas, width: labelWidth, height: labelHeight } = label();
  for (const area of areas) {
    context.fillStyle = GREY;
    context.fillRect(area.x, area.y, area.width, area.height);
    if (area.width < labelWidth || area.height < labelHeight) continue;
    context.drawImage(canvas, area.x + Math.floor((area.width - labelWidth) / 2), area.y + Math.floor((area.height - labelHeight) / 2));
  }
  return new VideoFrame(context.canvas, { timestamp, alpha: 'discard' });
}
