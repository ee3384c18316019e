/** Laws in real time: alone on the machine, one after the other. */
export default {
  extensions: ['ts'],
  files: ['test/law/**/*.test.ts'],
  timeout: '5m',
  concurrency: 1,
  serial: true,
};
