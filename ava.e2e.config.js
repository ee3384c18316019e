/** The real CLI with real pilots: one file at a time, since two campaigns would share two cores. */
export default {
  extensions: ['ts'],
  files: ['test/e2e/**/*.test.ts'],
  timeout: '4m',
  concurrency: 1,
  serial: true,
};
