import { chromium } from 'playwright-core';
import { browserArguments, findChromium } from '../../src/headless/find-chromium';

export interface BrowserMaterial {
  readonly mimeType: string;
  readonly slices: readonly Buffer[];
}

/** Slices as a real `MediaRecorder` gives them: a canvas with a moving bar, one slice each half second. No display is needed. */
export async function recordInBrowser(mimeTypes: readonly string[], seconds: number): Promise<readonly BrowserMaterial[]> {
  const browser = await chromium.launch({ executablePath: await findChromium(), headless: true, args: [...browserArguments()] });
  try {
    const page = await browser.newPage();
    const recorded = (await page.evaluate(`(${RECORD_IN_PAGE})(${JSON.stringify({ mimeTypes, seconds })})`)) as {
      mimeType: string;
      slices: string[];
    }[];
    return recorded.map(({ mimeType, slices }) => ({ mimeType, slices: slices.map((slice) => Buffer.from(slice, 'base64')) }));
  } finally {
    await browser.close();
  }
}

/** As text: the Node side is compiled without the browser's types. */
const RECORD_IN_PAGE = `async ({ mimeTypes, seconds }) => {
  const canvas = document.body.appendChild(Object.assign(document.createElement('canvas'), { width: 640, height: 360 }));
  const context = canvas.getContext('2d');
  let frame = 0;
  const timer = setInterval(() => {
    context.fillStyle = 'white';
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = 'navy';
    context.fillRect((frame * 20) % 640, 0, 60, 360);
    context.font = '40px sans-serif';
    context.fillText(String(frame += 1), 20, 60);
  }, 100);
  const toText = async (blob) => {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const record = async (mimeType) => {
    const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType, videoBitsPerSecond: 400000 });
    const blobs = [];
    recorder.ondataavailable = ({ data }) => data.size > 0 && blobs.push(data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start(500);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    recorder.stop();
    await stopped;
    return { mimeType: recorder.mimeType, slices: await Promise.all(blobs.map(toText)) };
  };
  const supported = mimeTypes.filter((type) => MediaRecorder.isTypeSupported(type));
  const result = await Promise.all(supported.map(record));
  clearInterval(timer);
  return result;
}`;
