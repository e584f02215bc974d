import * as z from 'zod';
import { DEFAULT_STRICT_MODES, type StrictModes } from './options';

const strictModesSchema = z.strictObject({
  csrf: z.boolean(),
  cookies: z.boolean(),
  sessionSeconds: z.number().min(0),
  reports: z.boolean(),
  ownUploadsOnly: z.boolean(),
  maxUploadBytes: z.int().min(0),
});

/** The strict modes as they stand; any may be thrown while the simulator runs. */
export class StrictSwitches {
  #modes: StrictModes;
  readonly #onChange: () => void;

  constructor(modes: Partial<StrictModes>, onChange: () => void) {
    this.#modes = { ...DEFAULT_STRICT_MODES, ...modes };
    this.#onChange = onChange;
  }

  get modes(): StrictModes {
    return this.#modes;
  }

  /** Throws `ZodError` for a mode that does not exist or a value it cannot have. */
  set(modes: Partial<StrictModes>): void {
    this.#modes = strictModesSchema.parse({ ...this.#modes, ...modes });
    this.#onChange();
  }
}
