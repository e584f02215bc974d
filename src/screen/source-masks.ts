import { MaskRun, type Covering, type MaskRunDeps } from '../masks/mask-run';
import type { SourceMask } from '../shared/capture-contract';
import { hasMasks, type MaskRules } from '../shared/mask-rules';
import { CaptureError } from './errors';
import type { CaptureDisplay } from './page-port';
import { sourceOf } from './picture-layout';

const WINDOWS_UNKNOWN = 'The windows that are to be covered cannot be told from the others';

/** Covering windows in one run of the encoder. */
export interface SourceMasks {
  readonly run: MaskRun;
  /** Looks at the windows, to be called before the source is opened. Throws `CaptureError` `windowsUnknown` where the rules want that. */
  before(source: string): Promise<SourceMask>;
}

export interface MasksListener {
  onCovering(covering: Covering): void;
  /** The rules let nothing be recorded any more. */
  onUnknown(reason: CaptureError): void;
}

/** `undefined` without a rule: then nobody looks at the windows. */
export function beginMasks(
  deps: MaskRunDeps,
  rules: MaskRules | undefined,
  displays: readonly CaptureDisplay[],
  listener: MasksListener,
): SourceMasks | undefined {
  if (rules === undefined || !hasMasks(rules)) return undefined;
  const unknown = new CaptureError('windowsUnknown', WINDOWS_UNKNOWN);
  const geometries = new Map(displays.map(sourceOf).map(({ id, geometry }) => [id, geometry]));
  let hasBegun = false;
  const run = new MaskRun(deps, {
    rules,
    displays: displays.map(({ geometry }) => geometry),
    onCovering: (covering) => {
      listener.onCovering(covering);
      if (hasBegun && rules.maskFailure === 'stop' && !run.isReadable) listener.onUnknown(unknown);
    },
  });
  return {
    run,
    async before(source) {
      const { look } = await run.look();
      if (!run.isReadable && rules.maskFailure === 'stop') throw unknown;
      hasBegun = true;
      const geometry = geometries.get(source);
      if (geometry === undefined) throw new CaptureError('noSource', 'The display is not known');
      return run.isReadable ? { geometry, look } : { geometry };
    },
  };
}
