const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Text without lone halves of a UTF-16 pair, which no byte on a wire can carry: each is the replacement character, as encoders write it. */
export function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, '\u{FFFD}');
}

/** Text as one segment of a URL's path. `encodeURIComponent` alone throws over a lone half. */
export function pathSegment(text: string): string {
  return encodeURIComponent(wellFormed(text));
}
