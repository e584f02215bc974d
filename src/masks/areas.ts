import type { DisplayGeometry } from '../shared/display';

/** Whole pixels of the desktop; an area without width or height holds nothing. */
export type Area = DisplayGeometry;

/** More pieces than this are too many to go on with: what is covered becomes larger, what hides smaller. */
const MAX_PIECES = 256;

export function isEmpty({ width, height }: Area): boolean {
  return width <= 0 || height <= 0;
}

export function intersect(a: Area, b: Area): Area {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return { x, y, width: Math.min(a.x + a.width, b.x + b.width) - x, height: Math.min(a.y + a.height, b.y + b.height) - y };
}

export function contains(outer: Area, inner: Area): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** What `hole` leaves of `area`: up to four pieces that do not overlap. */
export function subtract(area: Area, hole: Area): readonly Area[] {
  const cut = intersect(area, hole);
  if (isEmpty(cut)) return isEmpty(area) ? [] : [area];
  const { x, y, width, height } = area;
  return [
    { x, y, width, height: cut.y - y },
    { x, y: cut.y, width: cut.x - x, height: cut.height },
    { x: cut.x + cut.width, y: cut.y, width: x + width - cut.x - cut.width, height: cut.height },
    { x, y: cut.y + cut.height, width, height: y + height - cut.y - cut.height },
  ].filter((piece) => !isEmpty(piece));
}

export function subtractAll(areas: readonly Area[], holes: readonly Area[]): readonly Area[] {
  return holes.reduce<readonly Area[]>((left, hole) => left.flatMap((area) => subtract(area, hole)), areas);
}

/** What lies on the displays, each display's part by itself. */
export function clipTo(displays: readonly Area[], areas: readonly Area[]): readonly Area[] {
  return areas.flatMap((area) => displays.map((display) => intersect(area, display)).filter((part) => !isEmpty(part)));
}

/** All that is to be covered: of too many pieces the box around them. */
export function unite(...lists: readonly (readonly Area[])[]): readonly Area[] {
  const all = lists.flat().filter((area) => !isEmpty(area));
  const pieces = largest(all, MAX_PIECES + 1);
  return pieces.length > MAX_PIECES ? [boxAround(all)] : pieces;
}

/** All that hides, or may be shown: of too many pieces only the largest, since a mask has a hole wherever one of them is. */
export function uniteHoles(...lists: readonly (readonly Area[])[]): readonly Area[] {
  const all = lists.flat().filter((area) => !isEmpty(area));
  return largest(all, MAX_PIECES);
}

/** Without pieces that lie within another. */
function largest(areas: readonly Area[], most: number): readonly Area[] {
  const kept: Area[] = [];
  for (const area of areas.toSorted((a, b) => b.width * b.height - a.width * a.height)) {
    if (kept.length === most) break;
    if (!kept.some((other) => contains(other, area))) kept.push(area);
  }
  return kept;
}

function boxAround(areas: readonly Area[]): Area {
  const x = Math.min(...areas.map((area) => area.x));
  const y = Math.min(...areas.map((area) => area.y));
  const right = Math.max(...areas.map((area) => area.x + area.width));
  const bottom = Math.max(...areas.map((area) => area.y + area.height));
  return { x, y, width: right - x, height: bottom - y };
}
