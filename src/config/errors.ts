import { AppError } from '../shared/errors';

/** One thing that is wrong with the configuration. Holds no secret: `found` is cut and redacted. */
export interface ConfigurationProblem {
  /** A file's path, or `environment`. */
  readonly source: string;
  /** Such as `recording.framesPerSecond` or `SRS_HTTP_PORT`; absent when the file as a whole is wrong. */
  readonly key?: string;
  /** What is wrong, with what was found and what is allowed. */
  readonly text: string;
}

/** Thrown when the settings cannot be used. Carries all problems of every source that was read, not just the first. */
export class ConfigurationError extends AppError {
  readonly problems: readonly ConfigurationProblem[];

  constructor(problems: readonly ConfigurationProblem[], cause?: unknown) {
    super('configuration', ['The configuration cannot be used:', ...problems.map(describeProblem)].join('\n'), { cause });
    this.problems = problems;
  }
}

export function describeProblem({ source, key, text }: ConfigurationProblem): string {
  return `  ${source}: ${key === undefined ? '' : `${key} `}${text}`;
}
