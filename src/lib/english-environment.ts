/**
 * The environment of a program whose words we match or log: it speaks English, whatever the session of the user speaks. `LANGUAGE` goes before
 * `LC_ALL`, `LC_MESSAGES` and `LANG` for gettext and for Chromium; numbers, dates and file names stay as they are.
 */
export function englishEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const own = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(own), LANGUAGE: 'en' };
}
