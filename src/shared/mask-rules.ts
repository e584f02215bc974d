/**
 * Which windows are covered in the video (config-and-cli.md, `recording.masks`). `application` and `title` may hold `*` for any text; case does
 * not matter; a rule matches a window when all that it names match. At least one of the two is there.
 */
export interface MaskRule {
  /** The program's name: of its file, or a part of WM_CLASS. */
  readonly application?: string;
  readonly title?: string;
  /** What the recording's `eventHistory` says instead of the window's title. */
  readonly note?: string;
}

export interface MaskRules {
  readonly masks: readonly MaskRule[];
  /** When there are any, everything is covered but these windows. */
  readonly maskExcept: readonly MaskRule[];
  /** What happens while the windows cannot be known: the whole display is covered, or the recording ends. */
  readonly maskFailure: 'cover' | 'stop';
}

export function hasMasks({ masks, maskExcept }: Pick<MaskRules, 'masks' | 'maskExcept'>): boolean {
  return masks.length > 0 || maskExcept.length > 0;
}
