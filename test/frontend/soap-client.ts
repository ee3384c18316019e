/** Asks the frontend over HTTP and reads its answers with the client's own reader. */

import { setImmediate } from 'node:timers/promises';
import type { LsAnswer } from '../../scenarios/srm/ls-answer.ts';
import { createLsAnswerReader } from '../../scenarios/srm/read-answer.ts';
import { writeLsRequest } from '../../scenarios/srm/write-request.ts';
import { OPERATION_HEADER } from '../../scenarios/operation-header.ts';
import { type CellCount, CellCountSchema } from '../../scenarios/server-count.ts';

export type SoapAnswer = { httpStatus: number; xml: string };

export async function postSoap(url: string, body: string, headers: Record<string, string> = {}): Promise<SoapAnswer> {
  const response = await fetch(url, { method: 'POST', body, headers });
  return { httpStatus: response.status, xml: await response.text() };
}

export function writePathRequest(...paths: string[]): string {
  const surls = paths.map((path) => `srm://localhost/srm/v2/server?SFN=${path}`);
  return writeLsRequest({ surls, detail: 'full', levels: 1 });
}

/** `operation`: `<campaign>/<cell>/<attempt>/<client>/<sequence>`. */
export async function postLs(url: string, path: string, operation?: string): Promise<LsAnswer> {
  const labels = operation === undefined ? {} : { [OPERATION_HEADER]: operation };
  return readLs(await postSoap(url, writePathRequest(path), labels));
}

export function readLs({ xml }: SoapAnswer): LsAnswer {
  const reader = createLsAnswerReader();
  reader.write(Buffer.from(xml));
  return reader.end();
}

/** `cell`: `<campaign>/<cell>/<attempt>`. */
export async function readCount(metricsUrl: string, cell: string): Promise<CellCount> {
  const response = await fetch(`${metricsUrl}/cells/${cell}`);
  return CellCountSchema.parse(await response.json());
}

/** The count once it is as wanted; every answer on the way is a check that the service is alive. @throws Error after many answers */
export async function awaitCount(
  metricsUrl: string,
  cell: string,
  isWanted: (count: CellCount) => boolean,
): Promise<CellCount> {
  for (let round = 0; round < 5000; round += 1) {
    const count = await readCount(metricsUrl, cell);
    if (isWanted(count)) return count;
    await setImmediate();
  }
  throw new Error(`the count never came: ${JSON.stringify(await readCount(metricsUrl, cell))}`);
}
