/** Reports in a real browser: one file at a time. */
export default {
  extensions: ['ts'],
  files: ['test/browser/**/*.test.ts'],
  timeout: '4m',
  concurrency: 1,
  serial: true,
};
