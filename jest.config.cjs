/** Packages that ship only ES modules and so are compiled for jest like our own sources. */
const ES_MODULE_PACKAGES = [
  'https-proxy-agent',
  'agent-base',
  'proxy-agent-negotiate',
  'proxy-from-env',
  'cometd',
  '@tus',
  'srvx',
  'tough-cookie',
  'rotating-file-stream',
];

const compile = [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
    module: { type: 'commonjs', ignoreDynamic: false },
    sourceMaps: 'inline',
  },
];

function project(name, options = {}) {
  return {
    displayName: name,
    rootDir: __dirname,
    testEnvironment: 'node',
    testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
    transform: { '\\.m?[jt]s$': compile },
    transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULE_PACKAGES.join('|')})/)`],
    ...options,
  };
}

module.exports = {
  projects: [
    project('unit'),
    ...['integration', 'browser', 'electron'].map((name) =>
      project(name, { setupFilesAfterEnv: ['<rootDir>/test/support/second-try.cjs'] }),
    ),
    project('packages'),
  ],
  globalSetup: '<rootDir>/test/support/global-setup.cjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.cjs',
  reporters: ['default', '<rootDir>/test/support/summary-reporter.cjs'],
  testTimeout: 90_000,
  // Most suites wait for browsers and servers rather than compute.
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
};
