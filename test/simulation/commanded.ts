/** A recording as RWS commanded it. Times are steady milliseconds. */
export interface Commanded {
  readonly id: string;
  readonly userName: string;
  readonly from: number;
  /** What the computer's clock showed more than the steady time when it began. */
  readonly ahead: number;
  to: number | undefined;
  /** RWS itself said stop. */
  isStopped: boolean;
  readonly pauses: { readonly from: number; to: number | undefined }[];
  /** The program was killed meanwhile: up to when the encoder had given its video by then. */
  keptUntil: number | undefined;
}
