/**
 * A service that answers each request after a while, on several processes that share one port, since one may have 20,000
 * descriptors at most. It counts how many requests are open at the same moment, over all its processes.
 *
 * Its control port: `/state` is {@link SlowServiceState}; `/answered` the number of answers alone, for a `counters` command;
 * `/delay?ms=5000` sets how long requests wait that come from now on (at first not at all).
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { monotonicNowMs } from '../../foundation/clock.ts';
import { createOpenCount } from './open-count.ts';
import { listenForControl, readOptions, tellListening } from './service-main.ts';
import type { SlowServiceOptions, SlowServiceState, SlowWorkerOrder, SlowWorkerReport } from './slow-service-types.ts';

const options = readOptions() as SlowServiceOptions;
const count = createOpenCount(options.processes);
const totals = Array.from({ length: options.processes }, () => ({ answered: 0, abandoned: 0 }));
let horizonsMs = totals.map(() => -Infinity);
let told: () => void = () => {};

const workers: ChildProcess[] = [];
let port = 0;
for (let number = 0; number < options.processes; number += 1) {
  const worker = fork(new URL('./slow-service-worker.ts', import.meta.url), [JSON.stringify({ ...options, port })]);
  const [listening] = (await once(worker, 'message')) as [{ port: number }];
  port = listening.port;
  worker.on('message', (report: SlowWorkerReport) => take(number, report));
  // One that ends takes its counts with it: better no service than one that counts too few.
  worker.once('exit', () => process.exit(1));
  workers.push(worker);
}

const control = await listenForControl((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control');
  if (pathname === '/delay') order({ type: 'delay', delayMs: Number(searchParams.get('ms')) });
  void settle().then((state) =>
    response.end(pathname === '/answered' ? String(state.answered) : JSON.stringify(state)),
  );
});
tellListening({ port, control, pids: workers.map(({ pid }) => pid) });

function take(number: number, { report, answered, abandoned }: SlowWorkerReport): void {
  count.add(number, report);
  totals[number] = { answered, abandoned };
  horizonsMs[number] = report.upToMs;
  told();
}

function order(given: SlowWorkerOrder): void {
  for (const worker of workers) worker.send(given);
}

/** The state as of now: every process has told of everything up to this instant. */
async function settle(): Promise<SlowServiceState> {
  const askedMs = monotonicNowMs();
  order({ type: 'report' });
  while (Math.min(...horizonsMs) < askedMs) await new Promise<void>((resolve) => chain(resolve));
  const { open, most, arrived } = count.read();
  return { open, most, arrived, answered: sumOf('answered'), abandoned: sumOf('abandoned') };
}

function sumOf(part: 'answered' | 'abandoned'): number {
  return totals.reduce((total, each) => total + each[part], 0);
}

/** Several may be waiting for the next report. */
function chain(resolve: () => void): void {
  const before = told;
  told = () => {
    before();
    resolve();
  };
}
