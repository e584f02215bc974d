/** The import table of src/README.md, as rules. `ports` and `errors` files are what neighbours may see of each other. */
const FOLDERS = {
  shared: [],
  lib: ['shared'],
  config: ['shared', 'lib'],
  session: ['shared', 'lib', 'config'],
  rws: ['shared', 'lib', 'config'],
  screen: ['shared', 'lib'],
  recorder: ['shared', 'lib', 'config', 'screen'],
  spool: ['shared', 'lib', 'config'],
  upload: ['shared', 'lib', 'config'],
  certificate: ['shared', 'lib', 'config'],
  service: ['shared', 'lib', 'config', 'session', 'rws', 'screen', 'recorder', 'spool', 'upload'],
  api: ['shared', 'lib'],
  host: ['shared', 'lib', 'config', 'service', 'session', 'screen', 'api', 'certificate'],
  keychain: ['shared', 'lib'],
  x11: ['shared', 'lib', 'screen'],
  headless: ['shared', 'lib', 'config', 'screen', 'host', 'x11', 'keychain'],
  simulator: ['shared', 'lib', 'desktop-client'],
  'desktop-client': ['shared'],
  diagnostics: ['shared', 'lib', 'config', 'host', 'certificate', 'spool', 'rws', 'x11'],
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
  ],
  library: ['shared', 'lib', 'config', 'headless', 'host', 'simulator'],
  desktop: ['cli', 'shared', 'lib', 'config', 'screen', 'host', 'service', 'diagnostics', 'x11', 'keychain'],
  preload: ['shared'],
  renderer: ['shared'],
  'capture-page': ['shared'],
};
const SEES_PORTS = ['session', 'rws', 'recorder', 'spool', 'upload', 'api', 'certificate'];
const PORTS = '^src/(session|rws|recorder|spool|upload|service)/(ports|errors|store-error)\\.ts$';

const tableRules = Object.entries(FOLDERS).map(([folder, allowed]) => ({
  name: `imports-of-${folder}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    path: '^src/',
    pathNot: [`^src/(${[folder, ...allowed].join('|')})/`, ...(SEES_PORTS.includes(folder) ? [PORTS] : [])],
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
