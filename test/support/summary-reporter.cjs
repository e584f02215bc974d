/** Ends jest's output with the plain line `N passed, N failed`. A suite that could not be loaded counts as one failure. */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `\n${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
    // Behind jest's own summary.
    process.once('exit', () => process.stdout.write(line));
  }
};
