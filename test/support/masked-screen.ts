import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordingConfiguration } from '../../src/config/schema';
import type { OpenVisibleWindows } from '../../src/masks/ports';
import { countPixels, forEachFrame, type SeenPixels } from './frame-pixels';
import { ManagedScreen } from './managed-screen';
import { RecorderOnScreen } from './recorder-on-screen';
import { ScriptedWindows } from './scripted-windows';
import { until } from './until';
import { WindowScript } from './window-script';

export const MASKED_SIZE = { width: 960, height: 540 };
/** For the windows of `WindowScript` that are to be covered. */
export const SECRET_RULES = { masks: [{ title: '*secret*', note: 'Cards' }] };

/** A managed screen with windows of two programs, and recorders of it whose every frame is looked at. */
export class MaskedScreen {
  readonly screen: ManagedScreen;
  /** Windows that lie among those of `screen.windows`. */
  readonly other: ScriptedWindows;
  readonly #folder: string;
  readonly #recorders: RecorderOnScreen[] = [];

  private constructor(screen: ManagedScreen, other: ScriptedWindows, folder: string) {
    this.screen = screen;
    this.other = other;
    this.#folder = folder;
  }

  static async start(): Promise<MaskedScreen> {
    const screen = await ManagedScreen.start(`${MASKED_SIZE.width}x${MASKED_SIZE.height}`);
    return new MaskedScreen(screen, await ScriptedWindows.open(screen.display), await mkdtemp(join(tmpdir(), 'srs-masked-')));
  }

  script(seed: number): WindowScript {
    return new WindowScript({ secret: this.screen.windows, other: this.other, screen: MASKED_SIZE, seed });
  }

  async record(config: Partial<RecordingConfiguration>, windows?: OpenVisibleWindows): Promise<RecorderOnScreen> {
    const at = new RecorderOnScreen(this.screen.display, { videoBitsPerSecond: 4_000_000, ...config }, undefined, windows);
    this.#recorders.push(at);
    at.command('start');
    await at.is('recording');
    return at;
  }

  /** Ends the recording. Resolves with what every frame of it shows. */
  async framesOf(at: RecorderOnScreen, size = MASKED_SIZE): Promise<readonly SeenPixels[]> {
    at.command('stop');
    await until('the end of the recording', () => ['idle', 'failed'].includes(at.recorder.state().status));
    const seen: SeenPixels[] = [];
    for (const [index, { slices }] of at.store.last.segments.entries()) {
      const file = join(this.#folder, `${this.#recorders.indexOf(at)}-${index}.mkv`);
      await writeFile(file, Buffer.concat(slices));
      await forEachFrame(file, size, (frame) => seen.push(countPixels(frame)));
      await rm(file);
    }
    return seen;
  }

  async stop(): Promise<void> {
    for (const { recorder } of this.#recorders) await recorder.stop();
    this.other.close();
    await this.screen.stop();
    await rm(this.#folder, { recursive: true });
  }
}
