import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Area, ScreenPicture } from './screen-picture';

const run = promisify(execFile);
/** Tesseract is made for scanned pages, where letters have more pixels. */
const ENLARGED = 3;

/** A line of text where it stands on the screen. */
export interface ScreenLine extends Area {
  readonly text: string;
}

/** What a person reads in a part of the screen, line by line. */
export async function readLines(picture: ScreenPicture, area: Area): Promise<readonly ScreenLine[]> {
  const folder = await mkdtemp(join(tmpdir(), 'srs-read-screen-'));
  try {
    const file = join(folder, 'screen.ppm');
    const { width, height, rgb } = enlarged(picture.cut(area));
    await writeFile(file, Buffer.concat([Buffer.from(`P6 ${width} ${height} 255\n`), rgb]));
    const { stdout } = await run('tesseract', [file, '-', '--psm', '6', 'tsv'], { env: { ...process.env, OMP_THREAD_LIMIT: '1' } });
    return parse(stdout).map((line) => ({
      text: line.text,
      x: area.x + Math.round(line.x / ENLARGED),
      y: area.y + Math.round(line.y / ENLARGED),
      width: Math.round(line.width / ENLARGED),
      height: Math.round(line.height / ENLARGED),
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A row is a word: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
function parse(table: string): readonly ScreenLine[] {
  const lines = new Map<string, ScreenLine>();
  for (const row of table.split('\n').slice(1)) {
    const cells = row.split('\t');
    const text = cells[11]?.trim() ?? '';
    if (text === '') continue;
    const [x = 0, y = 0, width = 0, height = 0] = cells.slice(6, 10).map(Number);
    const key = cells.slice(1, 5).join('.');
    const line = lines.get(key);
    lines.set(
      key,
      line === undefined ? { text, x, y, width, height } : { ...line, text: `${line.text} ${text}`, width: x + width - line.x },
    );
  }
  return [...lines.values()];
}

function enlarged({ width, height, rgb }: ScreenPicture): { readonly width: number; readonly height: number; readonly rgb: Buffer } {
  const rowBytes = width * ENLARGED * 3;
  const larger = Buffer.alloc(rowBytes * height * ENLARGED);
  for (let y = 0; y < height; y += 1) {
    const start = y * ENLARGED * rowBytes;
    for (let x = 0; x < width * ENLARGED; x += 1) {
      const from = (y * width + Math.floor(x / ENLARGED)) * 3;
      rgb.copy(larger, start + x * 3, from, from + 3);
    }
    for (let again = 1; again < ENLARGED; again += 1) larger.copy(larger, start + again * rowBytes, start, start + rowBytes);
  }
  return { width: width * ENLARGED, height: height * ENLARGED, rgb: larger };
}
