/** From the config's scenario to what pilots are told: the same for all cells of a campaign, secrets and files read once. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ScenarioSpec } from '../agent/protocol.ts';
import { GlideTesterError, messageOf } from '../foundation/error.ts';
import { type HttpGetSpec, LARGEST_REQUEST_BODY_BYTES } from '../scenarios/http-get-spec.ts';
import type { HttpGetConfig, SrmLsConfig } from './config/scenario-schema.ts';
import type { Config } from './config/schema.ts';
import { readHeaderValues } from './header-values.ts';

/** Values that headers take from the environment are in `forSize` alone: it travels on the link, and is never written down. */
export type FrozenScenario = {
  /** What is done in a cell of this directory size; null: the scenario has none. */
  forSize(size: number | null): ScenarioSpec;
  /** The file that is sent with every request, as it was read. */
  requestBody: RequestBodyRecord | null;
};

export type RequestBodyRecord = { bytes: number; sha256: string };

/**
 * @param environment of the coordinator
 * @throws GT_SCENARIO_VARIABLE when one that a header names is not set, or holds what no header can
 * @throws GT_SCENARIO_BODY when the file of the body can't be read or is too large
 */
export async function freezeScenario(
  scenario: Config['scenario'],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FrozenScenario> {
  if (scenario.kind === 'srm-ls')
    return { forSize: (size) => freezeSrmLs(scenario, size as number), requestBody: null };
  const { body, requestBody } = await readBody(scenario.body);
  const spec: HttpGetSpec = {
    kind: scenario.kind,
    method: scenario.method,
    headers: readHeaderValues(scenario.headers, { environment, key: 'scenario.headers', code: 'GT_SCENARIO_VARIABLE' }),
    body,
    expectStatus: [scenario.expectStatus].flat(),
    expectText: scenario.expectText ?? null,
  };
  return { forSize: () => spec, requestBody };
}

/** The frozen scenario that lists the directory of this size. */
export function freezeSrmLs(
  { kind, directories, detail, levels, expectEntries }: SrmLsConfig,
  size: number,
): ScenarioSpec {
  return {
    kind,
    directory: directories[String(size)],
    detail,
    levels,
    // With several levels the number of entries below sub-directories is unknown, and with none there are no entries.
    expectEntries: expectEntries && levels === 1 ? size : null,
  };
}

async function readBody(
  body: HttpGetConfig['body'],
): Promise<{ body: string | null; requestBody: RequestBodyRecord | null }> {
  if (body === undefined || body === '') return { body: null, requestBody: null };
  if (typeof body === 'string') return { body: Buffer.from(body).toString('base64'), requestBody: null };
  const bytes = await readBodyFile(body.file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { body: bytes.toString('base64'), requestBody: { bytes: bytes.length, sha256 } };
}

async function readBodyFile(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new GlideTesterError('GT_SCENARIO_BODY', `could not read scenario.body.file ${file}: ${messageOf(cause)}`, {
      hint: 'give a file that you may read; a relative path counts from the folder in which glidetester is started',
      cause,
    });
  }
  if (bytes.length <= LARGEST_REQUEST_BODY_BYTES) return bytes;
  throw new GlideTesterError(
    'GT_SCENARIO_BODY',
    `expected at most ${LARGEST_REQUEST_BODY_BYTES} bytes in scenario.body.file ${file}, found ${bytes.length}`,
    { hint: 'send less with each request: the body travels to every pilot before every cell' },
  );
}
