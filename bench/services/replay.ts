/** The replay service with an srmLs answer of the real frontend in it: as it was, varied each time, or wrong now and then. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordAnswer, recordRequest } from '../record-exchange.ts';
import { startFrontend } from './frontend.ts';
import type { ReplayListening, ReplayOptions } from './replay-service.ts';
import { type ServiceProcess, startService } from './start-service.ts';

const SCRIPT = fileURLToPath(new URL('./replay-service.ts', import.meta.url));
const SIZE = '<size>';

/** An srmLs as it is asked and answered. */
export type RecordedLs = {
  folder: string;
  directory: string;
  entries: number;
  /** Path of the service. */
  path: string;
  answer: Buffer;
};

/** The scenario that asks for it, as a pilot is told it. */
export function lsSpec({ directory, entries }: Pick<RecordedLs, 'directory' | 'entries'>) {
  return { kind: 'srm-ls', directory, detail: 'full', levels: 1, expectEntries: entries } as const;
}

/** Of its answer. */
export function bodyOf({ answer }: Pick<RecordedLs, 'answer'>): string {
  return answer.toString('latin1', answer.indexOf('\r\n\r\n') + 4);
}

export async function recordLs(folder: string, entries: number): Promise<RecordedLs> {
  await using frontend = await startFrontend({ folder, files: entries, certificates: null, pin: [] });
  const { origin, pathname } = new URL(frontend.listening.url);
  const { directory } = frontend;
  const request = await recordRequest(lsSpec({ directory, entries }), origin, pathname);
  const answer = await recordAnswer(frontend.listening.url, request);
  return { folder, directory, entries, path: pathname, answer };
}

export type ReplayKind = 'identical' | 'varying' | 'wrong';

export type Replay = ServiceProcess<ReplayListening> & { url: string };

/** Every so many answers of kind `wrong`, the status of the last entry but one says failure. */
const WRONG_EVERY = 97;

export async function startReplay(recorded: RecordedLs, kind: ReplayKind, pin: readonly string[]): Promise<Replay> {
  const place = mkdtempSync(join(recorded.folder, 'replay-'));
  const [answerFile, wrongFile] = [join(place, 'answer'), join(place, 'wrong')];
  writeFileSync(answerFile, recorded.answer);
  writeFileSync(wrongFile, failEntry(recorded, recorded.entries - 1));
  const options: ReplayOptions = {
    answerFile,
    varyAt: kind === 'varying' ? findSizes(recorded.answer) : [],
    wrong: kind === 'wrong' ? { every: WRONG_EVERY, file: wrongFile } : null,
  };
  const service = await startService<ReplayListening>([...pin, process.execPath, SCRIPT, JSON.stringify(options)]);
  return { ...service, url: `http://127.0.0.1:${service.listening.port}${recorded.path}` };
}

/** Where the four digits of each file's size stand. */
function findSizes(answer: Buffer): number[] {
  const found: number[] = [];
  for (let at = answer.indexOf(SIZE); at !== -1; at = answer.indexOf(SIZE, at + 1)) found.push(at + SIZE.length);
  return found;
}

/** As long as before, so that nothing but the status itself tells. */
function failEntry({ answer, directory }: RecordedLs, entry: number): Buffer {
  const good = `${directory}/file-${String(entry).padStart(5, '0')}</path><status><statusCode>SRM_SUCCESS<`;
  const at = answer.indexOf(good);
  if (at === -1) throw new Error(`expected entry ${entry} in the recorded answer`);
  const wrong = Buffer.from(answer);
  wrong.write('SRM_FAILURE<', at + good.length - 'SRM_SUCCESS<'.length, 'latin1');
  return wrong;
}
