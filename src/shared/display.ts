/** Where a display lies on the agent's desk, in desktop pixels; the origin is the primary display's corner. */
export interface DisplayGeometry {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
