/** A file where somebody asked for it: whole or not at all, and never in the place of what is no file. */

import { stat, writeFile } from 'node:fs/promises';
import { systemCodeOf } from '../../foundation/error.ts';
import { resultNotWritable, writeDurably } from '../result-directory.ts';

/**
 * A device or pipe (`/dev/null`, `/dev/stdout`) is written to; anything else is replaced in one step.
 *
 * @throws GlideTesterError GT_RESULT_NOT_WRITABLE
 */
export async function writeAskedFile(file: string, text: string): Promise<void> {
  if (await isReplaceable(file)) return writeDurably(file, text);
  try {
    await writeFile(file, text);
  } catch (error) {
    throw resultNotWritable(file, error);
  }
}

async function isReplaceable(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch (error) {
    return systemCodeOf(error) === 'ENOENT' || systemCodeOf(error) === 'ENOTDIR';
  }
}
