/** Seeds that found a fault of the product; run before those of a range that begins at 1. `docs/reliability.md` says what each found. */
export const REGRESSIONS: readonly number[] = [
  3124, 11_068, 12_260, 13_725, 15_211, 16_391, 17_712, 19_798, 23_824, 25_289, 26_349, 31_293, 32_344, 36_243, 39_504,
];
