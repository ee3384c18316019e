/** A pilot as a process of its own, and the campaign's end of its link, driven message by message. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ExecutionContext } from 'ava';
import type { CoordinatorMessage, Join, PilotMessage, RowsFrame } from '../../agent/protocol.ts';
import { openGate } from '../../coordinator/pilots/gate.ts';
import type { Link, PilotConnection } from '../../coordinator/pilots/link.ts';
import { type Changes, createChanges } from '../../foundation/changes.ts';
import { machineClock } from '../../foundation/clock.ts';
import { glidetester } from './cli.ts';

const SECRET = 's'.repeat(64);
/** Far more than a pilot takes for anything. */
const AT_MOST_MS = 30_000;

type Said<Type extends PilotMessage['type']> = Extract<PilotMessage, { type: Type }>;

export type Scene = {
  gate: Link;
  /** All that pilots said and sent, and how their connections ended, in order. */
  said: PilotMessage[];
  frames: RowsFrame[];
  gone: string[];
  refused: string[];
  /** Resolves to the connection of the pilot that joins. */
  joined(): Promise<PilotConnection>;
  /** Resolves to the first message of this type that nobody has waited for yet. @throws Error when none comes */
  next<Type extends PilotMessage['type']>(type: Type): Promise<Said<Type>>;
  until(what: string, isMet: () => boolean): Promise<void>;
};

/** The campaign `test` listens; the gate is the coordinator's own. */
export async function openScene(t: ExecutionContext): Promise<Scene> {
  const changes: Changes = createChanges(machineClock);
  const said: PilotMessage[] = [];
  const frames: RowsFrame[] = [];
  const gone: string[] = [];
  const refused: string[] = [];
  const connections: PilotConnection[] = [];
  const keep = <Thing>(list: Thing[], thing: Thing): void => {
    list.push(thing);
    changes.notify();
  };
  const gate = await openGate({
    clock: machineClock,
    campaign: 'test',
    secret: SECRET,
    listen: '127.0.0.1:0',
    listener: {
      joined: (connection) => keep(connections, connection),
      said: (_connection, message) => keep(said, message),
      sentRows: (_connection, frame) => keep(frames, frame),
      heldBack() {},
      gone: (_connection, reason) => keep(gone, reason),
      refused: (reason) => keep(refused, reason),
    },
  });
  t.teardown(() => gate.close());
  const until = async (what: string, isMet: () => boolean): Promise<void> => {
    const end = await changes.until(isMet, { deadlineMs: machineClock.nowMs() + AT_MOST_MS });
    if (end !== 'met') throw new Error(`waited ${AT_MOST_MS} ms in vain: ${what}`);
  };
  const taken = new Set<PilotMessage>();
  return {
    gate,
    said,
    frames,
    gone,
    refused,
    until,
    async joined() {
      await until('a pilot joins', () => connections.length > 0);
      return connections.shift() as PilotConnection;
    },
    async next(type) {
      const find = (): PilotMessage | undefined => said.find((message) => message.type === type && !taken.has(message));
      await until(`the pilot says ${type}`, () => find() !== undefined);
      const message = find() as Said<typeof type>;
      taken.add(message);
      return message;
    },
  };
}

export type PilotProcess = { child: ChildProcess; ended: Promise<{ exitCode: number | null; stderr: string }> };

/** Starts a pilot for the scene; it ends with the test. */
export function startPilot(t: ExecutionContext, { gate }: Scene, changes: Partial<Join> = {}): PilotProcess {
  const [program, parameters] = glidetester('agent', '--join', '-');
  const child = spawn(program, parameters, { stdio: ['pipe', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, stderr }));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const join: Join = {
    url: gate.url,
    campaign: 'test',
    pilot: 'p1',
    site: 'desk',
    slots: 4,
    threads: 1,
    sourceAddresses: [],
    secret: SECRET,
    certificate: gate.certificate,
    // Far longer than a test may take: a pilot that leaves does not sit it out.
    idleLimitMs: 600_000,
    ...changes,
  };
  child.stdin.end(JSON.stringify(join));
  return { child, ended };
}

/** Sends what a coordinator would send about a cell. */
export function about(cell: { cell: string; attempt: number }, pilot: PilotConnection) {
  const { cell: id, attempt } = cell;
  const send = (message: CoordinatorMessage): void => pilot.send(message);
  return {
    fire: (t0Ms: number) => send({ type: 'fire', cell: id, attempt, t0Ms }),
    drain: (windowCloseMs: number) => send({ type: 'drain', cell: id, attempt, windowCloseMs }),
    finish: (graceMs: number) => send({ type: 'finish', cell: id, attempt, graceMs }),
    standDown: () => send({ type: 'stand-down', cell: id, attempt }),
  };
}
