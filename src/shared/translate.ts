import type en from './locales/en.json';

/** Every text has a name; English has them all, and a test sees that the other languages do too. */
export type MessageKey = keyof typeof en;
export type Messages = Readonly<Record<MessageKey, string>>;
export type MessageValues = Readonly<Record<string, string | number>>;

/** Names of texts that come as `name.one` and `name.other`. */
export type PluralKey = MessageKey extends infer K ? (K extends `${infer Base}.other` ? Base : never) : never;

export interface Translator {
  /** BCP 47, for `Intl` and the page's `lang`. */
  readonly locale: string;
  readonly messages: Messages;
  text(key: MessageKey, values?: MessageValues): string;
  /** The form for `count`, which the text may show as `{count}`. */
  plural(key: PluralKey, count: number, values?: MessageValues): string;
}

export function createTranslator(locale: string, messages: Messages): Translator {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const fill = (text: string, values: MessageValues): string => {
    const show = (value: string | number): string => (typeof value === 'number' ? numbers.format(value) : value);
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? show(values[name] ?? '') : whole));
  };
  return {
    locale,
    messages,
    text: (key, values = {}) => fill(messages[key], values),
    plural(key, count, values = {}) {
      const form = rules.select(count) === 'one' ? 'one' : 'other';
      return fill(messages[`${key}.${form}` as MessageKey], { count, ...values });
    },
  };
}
