import de from '../shared/locales/de.json';
import en from '../shared/locales/en.json';
import es from '../shared/locales/es.json';
import fr from '../shared/locales/fr.json';
import it from '../shared/locales/it.json';
import ja from '../shared/locales/ja.json';
import pt from '../shared/locales/pt.json';
import { toPseudoMessages } from '../shared/pseudo-locale';
import { createTranslator, type Messages, type Translator } from '../shared/translate';

export const LANGUAGES: Readonly<Record<string, Messages>> = { en, de, fr, es, pt, it, ja };

/** English with accents and a third longer: shows texts that are cut off, or not in the language files. */
const PSEUDO_LANGUAGE = 'en-XA';

/** The first of the wanted languages that there are texts in; English otherwise. Regions are followed for times and numbers. */
export function chooseTranslator(wanted: readonly string[]): Translator {
  for (const tag of wanted) {
    if (tag === PSEUDO_LANGUAGE) return createTranslator('en', toPseudoMessages(en));
    const messages = LANGUAGES[tag.split(/[-_]/)[0]?.toLowerCase() ?? ''];
    if (messages !== undefined) return createTranslator(canonicalTag(tag), messages);
  }
  return createTranslator('en', en);
}

function canonicalTag(tag: string): string {
  const candidate = tag.replaceAll('_', '-');
  try {
    return Intl.getCanonicalLocales(candidate)[0] ?? 'en';
  } catch {
    return candidate.split('-')[0] ?? 'en'; // such as "C.UTF-8" or "de-DE@euro"
  }
}
