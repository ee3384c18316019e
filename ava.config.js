/**
 * Rooms: quick, side by side, each file in a process of its own. Threads would share their descriptors: a program that one file
 * starts holds, until it is loaded, the listeners that another file has just closed, and whose port it takes again.
 */
export default {
  extensions: ['ts'],
  files: ['test/**/*.test.ts', '!test/law/**', '!test/e2e/**', '!test/browser/**'],
  timeout: '2m',
  concurrency: 2,
  workerThreads: false,
};
