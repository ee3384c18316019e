/**
 * A pilot without a service: rows of a simulated closed loop as fast as the coordinator takes them, over the real link. Forked
 * by ten-million-rows.ts; each client's operations follow each other on a simulated clock, so gauges and rows are true.
 */

import { dialCoordinator } from '../../agent/link.ts';
import { type CoordinatorMessage, type Join, encodeRowsFrame, proveSecret } from '../../agent/protocol.ts';
import { ROWS_PER_BUFFER } from '../../agent/recorder.ts';
import { readHostFacts } from '../../agent/host-facts.ts';
import { createConnectionCounts } from '../../foundation/connection-counts.ts';
import { machineClock } from '../../foundation/clock.ts';
import { type Random, createRandom } from '../../foundation/random.ts';
import { NOT_REACHED, createOperationBlock, encodeOperationBlock } from '../../reports/operation.ts';

/** What one maker makes of one cell. */
export type MakerShare = {
  cell: string;
  firstClient: number;
  clients: number;
  rows: number;
  gridMs: number;
  seed: number;
};

/** What the simulated service counted: successes among them. */
export type MakerCount = { ok: number; rows: number; lastEndMs: number };

const MEAN_SERVICE_US = 4000;
const TURN_US = 40;
const FAILED_SHARE = 0.01;
/** Rows that were sent and not yet acknowledged: far more than the coordinator should hold, less than the link allows. */
const UNACKNOWLEDGED_BYTES_AT_MOST = 128 * 1024 * 1024;
const HEALTH = {
  loopUtilisation: 0.1,
  loopDelayP99Ms: 0.1,
  loopLateMeanMs: 0,
  cpuShare: 0.1,
  gcShare: 0.01,
  runQueueShare: 0,
  throttledShare: 0,
  pressureShare: 0,
  stolenShare: 0,
  tcp: null,
};

process.once('message', (join: Join) => live(join));

function live(join: Join): void {
  let epoch = 0;
  let sequence = 0;
  let unacknowledged = 0;
  const sizes = new Map<number, number>();
  let wake: (() => void) | null = null;
  const link = dialCoordinator(join, machineClock, {
    said(message: CoordinatorMessage) {
      if (message.type === 'challenge') sayHello(message.nonce);
      if (message.type === 'welcome') {
        epoch = message.epoch;
        setInterval(() => link.send({ type: 'heartbeat', epoch, monotonicMs: machineClock.nowMs() }), 1000).unref();
        process.send?.('joined');
      }
      if (message.type !== 'ack') return;
      unacknowledged -= sizes.get(message.sequence) ?? 0;
      sizes.delete(message.sequence);
      wake?.();
    },
    gone(reason) {
      process.stderr.write(`${join.pilot}: ${reason}\n`);
      process.disconnect?.();
    },
  });
  const sayHello = (nonce: string): void => {
    const { campaign, pilot, site, slots, secret } = join;
    const proof = proveSecret(secret, nonce, pilot);
    link.send({ type: 'hello', v: 1, campaign, pilot, site, slots, proof, host: readHostFacts() });
  };
  const send = async (bytes: Uint8Array): Promise<void> => {
    link.sendBytes(bytes);
    sizes.set(sequence, bytes.length);
    sequence += 1;
    unacknowledged += bytes.length;
    await nextTurn();
    if (unacknowledged <= UNACKNOWLEDGED_BYTES_AT_MOST) return;
    await new Promise<void>((resolve) => {
      wake = () => {
        if (unacknowledged <= UNACKNOWLEDGED_BYTES_AT_MOST) resolve();
      };
    });
  };
  const make = async (share: MakerShare): Promise<void> => {
    const loop = createLoop(share);
    for (let frame = loop.next(); frame !== null; frame = loop.next()) {
      const header = {
        v: 1,
        campaign: join.campaign,
        cell: share.cell,
        attempt: 1,
        epoch,
        sequence,
        thread: 0,
        threads: 1,
        firstSample: frame.firstSample,
        samples: frame.gauges.length / 3,
      } as const;
      await send(encodeRowsFrame(header, frame.gauges, frame.block));
    }
    const count = loop.count();
    const reference = { cell: share.cell, attempt: 1, epoch };
    link.send({
      type: 'cell-done',
      ...reference,
      rowsSent: count.rows,
      health: HEALTH,
      connections: createConnectionCounts(),
    });
    process.send?.(count);
  };
  process.on('message', (share: MakerShare) => void make(share));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** The next operation to end is recorded next, as a pilot's recorder does. */
function createLoop({ firstClient, clients, rows, gridMs, seed }: MakerShare) {
  const random = createRandom(seed);
  const block = createOperationBlock(ROWS_PER_BUFFER);
  block.outcomes = ['ok', 'answer-timeout', 'reset'];
  const startUs = new Float64Array(clients);
  const endUs = Float64Array.from({ length: clients }, () => drawUs(random));
  const sequences = new Uint32Array(clients);
  /** Client-milliseconds of turning round that lie before each point of the grid. */
  const turning: number[] = [0];
  const count: MakerCount = { ok: 0, rows: 0, lastEndMs: 0 };
  let told = 0;

  function record(): void {
    const client = indexOfSmallest(endUs);
    const row = block.rows;
    const durationUs = (endUs[client] as number) - (startUs[client] as number);
    const outcome = random() < FAILED_SHARE ? 1 + ((sequences[client] as number) % 2) : 0;
    const isOk = outcome === 0;
    block.client[row] = firstClient + client;
    block.sequence[row] = sequences[client] as number;
    block.startUs[row] = startUs[client] as number;
    block.durationUs[row] = durationUs;
    block.connectUs[row] = isOk ? Math.min(90 + Math.floor(random() * 60), durationUs) : NOT_REACHED;
    block.handshakeUs[row] = NOT_REACHED;
    block.firstByteUs[row] = isOk ? Math.floor(durationUs / 2) : NOT_REACHED;
    block.restUs[row] = isOk ? 20 : NOT_REACHED;
    block.answerBytes[row] = isOk ? 2500 + Math.floor(random() * 100) : 0;
    block.outcome[row] = outcome;
    block.rows = row + 1;
    if (isOk) count.ok += 1;
    count.rows += 1;
    count.lastEndMs = (endUs[client] as number) / 1000;
    const point = Math.ceil(count.lastEndMs / gridMs);
    turning[point] = (turning[point] ?? 0) + TURN_US / 1000;
    sequences[client] = (sequences[client] as number) + 1;
    startUs[client] = (endUs[client] as number) + TURN_US;
    endUs[client] = startUs[client] + drawUs(random);
  }

  /** The integrals at the points of the grid that lie behind the last end. */
  function takeGauges(): Float64Array {
    const until = Math.floor(count.lastEndMs / gridMs);
    const gauges = new Float64Array(Math.max(0, until - told) * 3);
    for (let point = told; point < until; point += 1) {
      turning[point] = (turning[point] ?? 0) + (turning[point - 1] ?? 0);
      gauges[(point - told) * 3] = clients * point * gridMs - (turning[point] as number);
      gauges[(point - told) * 3 + 1] = turning[point] as number;
    }
    return gauges;
  }

  return {
    next() {
      if (count.rows === rows) return null;
      block.rows = 0;
      while (block.rows < ROWS_PER_BUFFER && count.rows < rows) record();
      const frame = { firstSample: told, gauges: takeGauges(), block: encodeOperationBlock(block) };
      told += frame.gauges.length / 3;
      return frame;
    },
    count: () => count,
  };
}

/** Two speeds: one answer in fifty is ten times slower. Whole microseconds. */
function drawUs(random: Random): number {
  const meanUs = random() < 0.02 ? MEAN_SERVICE_US * 10 : MEAN_SERVICE_US;
  return Math.ceil(100 - Math.log(1 - random()) * meanUs);
}

function indexOfSmallest(values: Float64Array): number {
  let smallest = 0;
  for (let index = 1; index < values.length; index += 1) {
    if ((values[index] as number) < (values[smallest] as number)) smallest = index;
  }
  return smallest;
}
