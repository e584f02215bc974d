/** A recording that cannot be uploaded, wholly or in part, because it or what describes it cannot be read. */
export interface DamagedJob {
  /** As its file is called; the folder's name of a recording whose video is gone. */
  readonly mediaId: string;
  readonly damaged: string;
  /** Epoch milliseconds of its last change. */
  readonly changedAt: number;
  /** Of the sealed video; missing when that is gone too. */
  readonly size?: number;
}
