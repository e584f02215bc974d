/**
 * The order of the test files, for jest. A machine that has never run them knows no durations: what waits for applications and screens goes
 * first, so that at the end no worker waits for one of those.
 */
const PROJECTS = ['electron', 'browser', 'integration', 'unit', 'packages'];
const LONG = /\/test\/integration\/(recorder|host|upload|rws|scripts|package|simulation)\//;

const rank = ({ path, context }) => PROJECTS.indexOf(context.config.displayName?.name ?? '') * 2 + (LONG.test(path) ? 0 : 1);

module.exports = class LongestFirst {
  sort(tests) {
    return [...tests].sort((one, other) => rank(one) - rank(other) || one.path.localeCompare(other.path));
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
};
