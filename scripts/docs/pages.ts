import { problemsPage } from './problems-page';

/** Every document that is generated from the sources, by its path below `docs`. */
export function pages(): Readonly<Record<string, string>> {
  return { 'problems.md': problemsPage() };
}
