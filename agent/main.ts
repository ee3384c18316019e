/** The pilot as a process: reads its join, lives, says why it left. */

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { destination, pino } from 'pino';
import { machineClock } from '../foundation/clock.ts';
import { GlideTesterError, messageOf } from '../foundation/error.ts';
import { livePilot } from './pilot.ts';
import { type Join, JoinSchema } from './protocol.ts';

/**
 * The join from a file's path or a stream.
 *
 * @throws GT_JOIN_INVALID when it can't be read or is none; its content, which holds the secret, is never part of the message
 */
export async function readJoin(source: string | Readable): Promise<Join> {
  const where = typeof source === 'string' ? source : 'standard input';
  const hint = 'give the join document of the campaign as the coordinator writes it';
  let content: string;
  try {
    content = typeof source === 'string' ? await readFile(source, 'utf8') : await text(source);
  } catch (cause) {
    throw new GlideTesterError('GT_JOIN_INVALID', `expected a join document in ${where}: ${messageOf(cause)}`, {
      hint,
    });
  }
  const parsed = JoinSchema.safeParse(parseJson(content));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
  throw new GlideTesterError('GT_JOIN_INVALID', `expected a join document in ${where}; wrong or missing: ${wrong}`, {
    hint,
  });
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

/** Runs until the pilot leaves; its steps are logged to standard error, nothing secret among them. */
export function runPilot(join: Join): Promise<{ reason: string }> {
  const { pilot, site, campaign } = join;
  // Written at once: the log of a pilot that is killed ends with its last step.
  const log = pino({ base: { campaign, site, pilot } }, destination({ dest: 2, sync: true }));
  return livePilot(join, machineClock, log);
}
