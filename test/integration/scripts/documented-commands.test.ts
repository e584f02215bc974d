import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startApi, type ApiUnderTest } from '../../support/api-under-test';
import { documents, inlineCommands, shellBlocks } from '../../support/document-commands';
import { startSrs, type SrsProcess } from '../../support/srs-process';

const ROOT = join(__dirname, '../../..');

interface Elsewhere {
  readonly line: string;
  /** A file that runs it, and a word of that file which shows it. */
  readonly by: readonly [file: string, word: string];
}

/** Lines that take minutes or the whole machine; something else runs them. */
const ELSEWHERE: readonly Elsewhere[] = [
  { line: 'npm ci && npm start', by: ['test/electron/demo.test.ts', '`npm start`'] },
  { line: 'npm ci && npm test', by: ['.ci/run', 'npm test'] },
  { line: 'npm install ./screen-recording-service-1.0.0.tgz', by: ['test/support/installed-package.ts', 'install'] },
  {
    line: 'npx screen-recording-service conformance --url http://127.0.0.1:8080 --user agent --origin http://localhost:3000',
    by: ['test/integration/cli/conformance.test.ts', "'conformance'"],
  },
];
/** Run below. */
const EMPTY_PROJECT = 'npm init -y';
const CURL_BLOCK = /^curl .*\$SRS|^SRS=|^ORIGIN=/;
const PACKAGE_LINES = {
  simulator: 'npx screen-recording-service simulator --port 8090 --agent agent:password',
  run: 'SRS_SERVER=http://127.0.0.1:8090 SRS_ALLOWED_ORIGINS=http://localhost:3000 SRS_DATA_DIRECTORY=./srs-data npx screen-recording-service run --headless',
};
/** How a command is written, not what to type: its words are looked up. */
const SYNOPSIS = /^srs /;

const lines = shellBlocks().flatMap((block) => block.lines.map((line) => ({ file: block.file, line })));

/** Each command's subcommands and options, as the built program completes them. */
async function commandTree(): Promise<ReadonlyMap<string, readonly string[]>> {
  const srs = startSrs(['completion', 'bash']);
  expect(await srs.exited).toBe(0);
  return new Map(
    [...srs.stdout().matchAll(/^ +"([^"]*)"\) words="([^"]*)"/gm)].map(([, path = '', words = '']) => [path, words.split(' ')]),
  );
}

/** What of these words is no command and no option. */
function unknownWords(tree: ReadonlyMap<string, readonly string[]>, words: readonly string[]): string[] {
  let path = '';
  const unknown: string[] = [];
  let last = '';
  for (const word of words.map((each) => each.replace(/[[\]…]/g, ''))) {
    const isValue = word === '' || /^[A-Z]|[:./=]/.test(word) || (last.startsWith('--') && !word.startsWith('-'));
    last = word;
    if (isValue) continue;
    for (const choice of word.split('|')) if (!tree.get(path)?.includes(choice)) unknown.push(choice);
    if (tree.has(`${path} ${word}`.trim())) path = `${path} ${word}`.trim();
  }
  return unknown;
}

describe('what the documents tell to type', () => {
  let directory: string;

  beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'srs-documented-'))));
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('every line of a shell block is run here or elsewhere, and nothing is listed that no document has', () => {
    const listed = [...ELSEWHERE.map(({ line }) => line), EMPTY_PROJECT, ...Object.values(PACKAGE_LINES)];
    const isKnown = (line: string): boolean => listed.includes(line) || CURL_BLOCK.test(line) || SYNOPSIS.test(line);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter(({ line }) => !isKnown(line))).toEqual([]);
    expect(listed.filter((line) => !lines.some((each) => each.line === line))).toEqual([]);
  });

  it.each(ELSEWHERE)('$line is run by $by', ({ by: [file, word] }) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(word);
  });

  it('an empty project is made', async () => {
    const project = join(directory, 'project');
    await mkdir(project);
    await promisify(execFile)('sh', ['-c', EMPTY_PROJECT], { cwd: project, timeout: 20_000 });
    expect(existsSync(join(project, 'package.json'))).toBe(true);
  });

  it('every srs command and option in the text is one of the program, and each of the program is in the contract', async () => {
    const tree = await commandTree();
    const written = [
      ...inlineCommands(),
      ...lines
        .filter(({ line }) => SYNOPSIS.test(line))
        .map(({ file, line }) => ({ file, words: line.replaceAll(' | ', '|').split(' ').slice(1) })),
    ];
    expect(written.length).toBeGreaterThan(30);
    const wrong = written.flatMap(({ file, words }) => unknownWords(tree, words).map((word) => `${file}: ${words.join(' ')}: ${word}`));
    expect(wrong).toEqual([]);

    const contract = documents().find(({ file }) => file.endsWith('config-and-cli.md'))?.text ?? '';
    const missing = [...tree].flatMap(([path, words]) =>
      words.filter((word) => !/^--(help|version)$/.test(word) && !contract.includes(word)).map((word) => `${path} ${word}`),
    );
    expect(missing).toEqual([]);
  });

  describe('the calls with curl', () => {
    let api: ApiUnderTest;

    beforeAll(async () => {
      api = await startApi({ settings: { allowedServers: ['*.example.com'] } });
      api.service.addAgent('agent', 'password');
    });
    afterAll(() => api.stop());

    it('are all answered with success, in their order', async () => {
      const block = lines.filter(({ line }) => CURL_BLOCK.test(line)).map(({ line }) => line);
      const script = block
        .map((line) => line.replace(/^SRS=.*/, `SRS=${api.base}`).replace(/^curl /, 'curl --silent --show-error --fail '))
        .join('\n');
      const { stdout } = await promisify(execFile)('sh', ['-e', '-c', script], { timeout: 10_000 });
      expect(stdout.match(/HTTP\/1\.1 200/g)).toHaveLength(block.filter((line) => line.startsWith('curl -i')).length);
      expect(stdout).toContain('"version"');
    });
  });

  describe('the package’s own commands', () => {
    const started: SrsProcess[] = [];
    afterAll(() => Promise.all(started.map((each) => each.stop())));

    /** As written, but on free ports and in a folder of the test. */
    function startLine(line: string, changed: Readonly<Record<string, string>> = {}): SrsProcess {
      const [settings = '', command = ''] = line.split('npx screen-recording-service ');
      const written = Object.fromEntries(
        settings
          .trim()
          .split(' ')
          .filter(Boolean)
          .map((each) => each.split('=') as [string, string]),
      );
      const free = { SRS_HTTP_PORT: '0', SRS_HTTPS_PORT: '0', HOME: directory, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
      const srs = startSrs(command.replace('8090', '0').split(' '), { ...written, ...free, ...changed });
      started.push(srs);
      return srs;
    }

    it('start the simulator, and the service beside it', async () => {
      const simulator = startLine(`${PACKAGE_LINES.simulator} --storage ${join(directory, 'storage')}`);
      const [, server = ''] = await simulator.waitFor(/listening (http:\S+)/);
      const srs = startLine(PACKAGE_LINES.run, { SRS_SERVER: server, SRS_DATA_DIRECTORY: join(directory, 'data') });
      const [, address = ''] = await srs.waitFor(/listening (http:\S+)/);
      expect((await fetch(`${address}/version`, { headers: { Origin: 'http://localhost:3000' } })).status).toBe(200);
    });
  });
});
