/** Every exit code of `srs` and of the application, with its meaning; docs/exit-codes.md is generated from this. */
export const EXIT_CODES = {
  done: { code: 0, meaning: 'Done. Of `srs status`: running, and no problem is shown.' },
  failed: {
    code: 1,
    meaning:
      'It failed, and stderr says why. `srs doctor`: a step failed; `srs doctor --login`: something does not hold that recording needs; `srs conformance`: a check does not hold; `srs status`: running, and a problem is shown. A second Ctrl+C, or a crash.',
  },
  usage: {
    code: 2,
    meaning: 'What was typed or configured is wrong, and nothing was started. `srs config check`: the file cannot be used.',
  },
  notRunning: { code: 3, meaning: '`srs status`: the service does not run, or does not answer.' },
} as const;

export const EXIT_DONE = EXIT_CODES.done.code;
export const EXIT_FAILED = EXIT_CODES.failed.code;
export const EXIT_USAGE = EXIT_CODES.usage.code;
export const EXIT_NOT_RUNNING = EXIT_CODES.notRunning.code;
