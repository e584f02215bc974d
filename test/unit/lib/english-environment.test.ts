import { englishEnvironment } from '../../../src/lib/english-environment';

describe('englishEnvironment', () => {
  it.each([[{ LANG: 'de_DE.UTF-8' }], [{ LANGUAGE: 'fr:de', LC_ALL: 'fr_FR.UTF-8' }], [{}]])(
    'of %j speaks English and keeps the rest',
    (env) => {
      expect(englishEnvironment({ ...env, PATH: '/bin', NONE: undefined })).toEqual({ ...env, PATH: '/bin', LANGUAGE: 'en' });
    },
  );
});
