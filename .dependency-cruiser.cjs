/** The import table of src/README.md, as rules. */
const FOLDERS = {
  shared: [],
  lib: ['shared'],
  config: ['shared', 'lib'],
  session: ['shared', 'lib'],
  rws: ['shared', 'lib', 'config'],
  masks: ['shared', 'lib'],
  screen: ['shared', 'lib', 'masks'],
  recorder: ['shared', 'lib', 'config', 'masks', 'screen'],
  spool: ['shared', 'lib', 'config'],
  upload: ['shared', 'lib', 'config'],
  certificate: ['shared', 'lib'],
  service: ['shared', 'lib', 'config', 'session', 'rws', 'screen', 'recorder', 'spool', 'upload'],
  api: ['shared', 'lib'],
  host: ['shared', 'lib', 'config', 'service', 'screen', 'api', 'certificate'],
  keychain: ['shared', 'lib'],
  x11: ['shared', 'lib', 'screen', 'masks'],
  win32: ['shared', 'lib', 'masks'],
  headless: ['shared', 'lib', 'config', 'masks', 'screen', 'host', 'x11', 'win32', 'keychain'],
  simulator: ['shared', 'lib', 'desktop-client'],
  'desktop-client': ['shared'],
  diagnostics: ['shared', 'lib', 'config', 'certificate', 'host', 'rws', 'upload', 'x11', 'masks'],
  conformance: ['shared', 'lib'],
  cli: [
    'shared',
    'lib',
    'config',
    'host',
    'headless',
    'simulator',
    'conformance',
    'spool',
    'upload',
    'certificate',
    'rws',
    'diagnostics',
    'keychain',
    'masks',
    'x11',
    'win32',
  ],
  library: ['shared', 'lib', 'config', 'headless', 'simulator'],
  desktop: ['cli', 'shared', 'lib', 'config', 'masks', 'screen', 'host', 'diagnostics', 'x11', 'win32', 'keychain'],
  preload: ['shared'],
  renderer: ['shared'],
  'capture-page': ['shared'],
};
/** Of these folders a neighbour may import the files that say what they offer, and nothing else. Ports point one way. */
const PORTS_OF = {
  session: ['rws'],
  spool: ['recorder'],
  upload: ['recorder', 'rws', 'spool'],
  api: ['rws', 'service'],
};

const tableRules = Object.entries(FOLDERS).map(([folder, allowed]) => ({
  name: `imports-of-${folder}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    path: '^src/',
    pathNot: [
      `^src/(${[folder, ...allowed].join('|')})/`,
      ...(PORTS_OF[folder] ?? []).map((neighbour) => `^src/${neighbour}/(ports|errors|store-error)\\.ts$`),
    ],
  },
}));

module.exports = {
  forbidden: [
    ...tableRules,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-node-in-shared',
      severity: 'error',
      from: { path: '^src/(shared|capture-page|renderer|desktop-client)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'electron-only-in-the-shell',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(desktop|preload)/' },
      to: { path: 'node_modules/electron' },
    },
    {
      name: 'express-only-in-servers',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(api|simulator)/' },
      to: { path: 'node_modules/express' },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
