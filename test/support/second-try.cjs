/**
 * These tests wait for real browsers, servers and screens. One that fails is tried once more, with its first failure printed: a machine that
 * stalls for seconds fails no run, and a defect still does.
 */
jest.retryTimes(1, { logErrorsBeforeRetry: true });
