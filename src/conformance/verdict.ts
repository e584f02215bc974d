/** The server does not do what the check claims. The message says what it did. */
export class Mismatch extends Error {}

/** It could not be tried. The message says why. */
export class Undecided extends Error {}
