import { chooseTranslator, LANGUAGES } from '../../../src/desktop/languages';
import en from '../../../src/shared/locales/en.json';

const placeholders = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe('the language files', () => {
  it('are the seven that are promised', () => {
    expect(Object.keys(LANGUAGES).sort()).toEqual(['de', 'en', 'es', 'fr', 'it', 'ja', 'pt']);
  });

  it.each(Object.entries(LANGUAGES))('%s has every text, with the same placeholders', (_language, messages) => {
    expect(Object.keys(messages)).toEqual(Object.keys(en));
    for (const [key, text] of Object.entries(en)) {
      const translated = messages[key as keyof typeof en];
      expect([key, placeholders(translated)]).toEqual([key, placeholders(text)]);
      expect(translated.trim()).not.toBe('');
    }
  });

  it.each(Object.entries(LANGUAGES).filter(([language]) => language !== 'en'))('%s is translated', (_language, messages) => {
    const same = Object.entries(en).filter(([key, text]) => messages[key as keyof typeof en] === text && /[a-z]{4} [a-z]{3}/.test(text));
    expect(same).toEqual([]);
  });
});

describe('the choice of a language', () => {
  it.each([
    [['de-AT'], 'de-AT', 'Bereit'],
    [['nl', 'fr-CA'], 'fr-CA', 'Prêt'],
    [['pt_BR.UTF-8'], 'pt', 'Pronto'],
    [['nl'], 'en', 'Ready'],
    [[], 'en', 'Ready'],
    [['C'], 'en', 'Ready'],
  ])('%j gives %s', (wanted, locale, ready) => {
    const translator = chooseTranslator(wanted);
    expect([translator.locale, translator.text('state.ready')]).toEqual([locale, ready]);
  });

  it('knows the plural and the numbers of a language', () => {
    const { plural } = chooseTranslator(['de']);
    expect(plural('uploads.waiting', 1, { size: '1 MB' })).toBe('1 Aufzeichnung hochzuladen (1 MB)');
    expect(plural('uploads.waiting', 1200, { size: '1 MB' })).toBe('1.200 Aufzeichnungen hochzuladen (1 MB)');
  });

  it('has a pseudo-language that keeps placeholders', () => {
    expect(chooseTranslator(['en-XA']).text('session.ago', { span: '3 min' })).toMatch(/^\[3 min ágö~+\]$/);
  });
});
