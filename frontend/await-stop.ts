/** How a service that is a process of its own learns that it shall end. */

/** Resolves on SIGTERM, SIGINT or, `withStdin`, the end of standard input, which counts as SIGTERM. */
export function awaitStop(withStdin: boolean): Promise<'SIGTERM' | 'SIGINT'> {
  return new Promise((resolve) => {
    const stop = (signal: 'SIGTERM' | 'SIGINT'): void => {
      // Without our listeners a second signal ends the process at once, as it should.
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      if (withStdin) process.stdin.destroy();
      resolve(signal);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    if (!withStdin) return;
    const stopByStdin = (): void => stop('SIGTERM');
    process.stdin.once('end', stopByStdin).once('error', stopByStdin).resume();
  });
}
