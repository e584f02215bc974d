import { commandWords, wordsAfterApplication } from '../../../src/desktop/command-words';

describe('the words of a command', () => {
  it.each([
    [['status'], ['status']],
    [
      ['status', '--json'],
      ['status', '--json'],
    ],
    // An AppImage's runner, the installed launcher, root.
    [['--no-sandbox', 'status'], ['status']],
    [
      ['--ozone-platform=headless', '--disable-gpu', '--user-data-dir=/tmp/x', 'config', 'check', '/etc/a.json'],
      ['config', 'check', '/etc/a.json'],
    ],
    [
      ['--no-sandbox', '--config', '/etc/a.json', 'status', '--json'],
      ['status', '--json', '--config', '/etc/a.json'],
    ],
    [
      ['--config=/etc/a.json', 'recordings', 'export', 'id', 'out.mp4'],
      ['recordings', 'export', 'id', 'out.mp4', '--config', '/etc/a.json'],
    ],
    [['--lang', 'de', 'support-bundle'], ['support-bundle']],
    [['stauts'], ['stauts']],
    [['--no-sandbox', '--version'], ['--version']],
    [['-h'], ['-h']],
    [['help'], ['help']],
    [
      ['status', '--help'],
      ['status', '--help'],
    ],
  ])('are, of %j, %j', (words, expected) => {
    expect(commandWords(words)).toEqual(expected);
  });

  it.each([
    [[]],
    [['--login']],
    [['--config', 'status']],
    [['--show', '--lang', 'help', '--no-sandbox']],
    [['-psn_0_12345']],
    [['C:\\Users\\Ann\\Desktop\\notes.txt']],
    [['/home/ann/status']],
    [['https://example.com/status']],
  ])('are none in %j: the tray is meant', (words) => {
    expect(commandWords(words)).toBeUndefined();
  });
});

describe('the words after the application', () => {
  it.each([
    [['electron', '/srs', 'status'], ['status']],
    [
      ['electron', '--no-sandbox', '/srs', '--config', '/a.json', 'status'],
      ['--config', '/a.json', 'status'],
    ],
    [['electron', '--inspect=0', '-r', '/tmp/observe.js', '/srs/dist/main.js', 'status'], ['status']],
    [['electron', '/srs'], []],
    [['electron', '/srs-of-another', '/srs', 'doctor'], ['doctor']],
    [['electron', '.', 'doctor'], ['doctor']],
  ])('are, of %j, %j', (argv, expected) => {
    expect(wordsAfterApplication(argv, '/srs')).toEqual(expected);
  });
});
