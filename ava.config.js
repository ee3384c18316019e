/** Rooms: quick, side by side. */
export default {
  extensions: ['ts'],
  files: ['test/**/*.test.ts', '!test/law/**', '!test/e2e/**', '!test/browser/**'],
  timeout: '2m',
  concurrency: 2,
};
