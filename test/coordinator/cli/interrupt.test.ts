import test from 'ava';
import { listenForInterrupt } from '../../../coordinator/cli/interrupt.ts';

// The signals of this process are one for all: these must not run side by side.
test.serial('the first signal asks for the drain, the second for now; then the system has them back', (t) => {
  const said: string[] = [];
  const before = process.listenerCount('SIGINT');
  const interrupt = listenForInterrupt((line) => said.push(line));
  t.teardown(interrupt.release);
  process.emit('SIGINT');
  t.deepEqual([interrupt.drain.aborted, interrupt.now.aborted], [true, false]);
  process.emit('SIGTERM');
  t.deepEqual([interrupt.drain.aborted, interrupt.now.aborted], [true, true]);
  t.is(process.listenerCount('SIGINT'), before);
  t.is(said.length, 2);
});

test.serial('once released, signals are nobody’s', (t) => {
  const before = process.listenerCount('SIGTERM');
  const interrupt = listenForInterrupt(() => t.fail());
  interrupt.release();
  t.is(process.listenerCount('SIGTERM'), before);
  t.false(interrupt.drain.aborted);
});
