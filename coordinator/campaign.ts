/** A campaign from its config to its report: opens everything, measures cell after cell, closes everything in reverse. */

import { randomBytes } from 'node:crypto';
import { messageOf } from '../foundation/error.ts';
import type { CampaignRecord } from '../reports/campaign-record.ts';
import { campaignFile } from '../reports/result-directory.ts';
import type { Summary } from '../reports/summary.ts';
import { describeEnvironment } from './environment.ts';
import { type Identities, type IdentitiesRecord, recordIdentities, requireValid } from './identities/identities.ts';
import { type RequestBodyRecord, freezeScenario } from './freeze-scenario.ts';
import { type WorldOptions, openWorld } from './open-world.ts';
import { planCells } from './plan.ts';
import type { World } from './world.ts';
import { type IdentitiesByTarget, measureAll } from './measure-all.ts';
import { observeCampaign } from './telemetry/observe-campaign.ts';

export type CampaignOptions = WorldOptions & {
  configSource: { path: string; sha256: string };
  /** Any cell that is not ok makes the exit code 99. */
  strict: boolean;
};

export type CampaignResult = {
  exitCode: number;
  /** Why it ended before its last cell; null: it did not. */
  stopped: string | null;
  summary: Summary;
  report: string;
};

/** Who the clients were when the campaign began, and which file they sent, is kept beside what reports read of it. */
type WrittenRecord = CampaignRecord & {
  identities: Record<string, IdentitiesRecord>;
  requestBody: RequestBodyRecord | null;
};

/** @throws GlideTesterError when the campaign can't begin; what was finished before is on disk in any case */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const scenario = await freezeScenario(options.config.scenario, process.env);
  await using opened = new AsyncDisposableStack();
  const campaign = `${options.config.name}-${randomBytes(4).toString('hex')}`;
  const { observe, telemetry } = await observeCampaign(options, campaign, opened);
  const world = await openWorld({ ...options, campaign, observe }, opened);
  const identities = await readAllIdentities(world);
  const record = createRecord(options, identities, scenario.requestBody);
  const { disk, journal, directory } = world;
  const cells = record.cells.map((identity) => ({ identity, scenario: scenario.forSize(identity.directorySize) }));
  await disk.write(campaignFile(directory), toJson(record));
  await journal.write('campaign-started', { name: record.name, campaign, cells: cells.length });
  if (telemetry !== null) await journal.write('telemetry-started', telemetry);
  for (const { name, handle } of world.targets.values()) {
    await journal.write('target-started', { target: name, url: handle.url(), pid: handle.pid() });
  }
  /** Cells that are not measured; with a reason: that will not be. */
  const left = new Map<string, string | null>(cells.map(({ identity }) => [identity.id, null]));
  try {
    const stop = await measureAll(world, cells, identities, left);
    await writeEnd(world, record, { left, stopped: stop?.reason ?? null });
    const { file, summary } = await renderResults(directory);
    const isMissed =
      // One that could not be measured has not been shown to hold.
      summary.thresholds.some(({ verdict }) => verdict !== 'met') ||
      (options.strict && summary.cells.some(({ state }) => state !== 'ok'));
    const result = { exitCode: stop?.exitCode ?? (isMissed ? 99 : 0), stopped: stop?.reason ?? null };
    await journal.write('campaign-finished', result);
    await journal.settled();
    observe({ type: 'campaign-finished', summary, report: file });
    return { ...result, summary, report: file };
  } catch (thrown) {
    // What was finished is worth a report all the same; what went wrong stays the error, whatever becomes of the report.
    await journal.write('campaign-failed', { reason: messageOf(thrown) }).catch(() => {});
    await writeEnd(world, record, { left, stopped: messageOf(thrown) }).catch(() => {});
    if (left.size < cells.length) await renderResults(directory).catch(() => {});
    throw thrown;
  }
}

/** Lets the pilots go and writes down what was not measured, and why. */
async function writeEnd(
  { disk, journal, directory, clock, keeper, roster }: World,
  record: WrittenRecord,
  { left, stopped }: { left: ReadonlyMap<string, string | null>; stopped: string | null },
): Promise<void> {
  keeper.stop();
  roster.dismiss('the campaign is over');
  record.skipped = [...left].map(([id, reason]) => ({ id, reason: reason ?? stopped ?? 'not measured' }));
  for (const { id, reason } of record.skipped) await journal.write('cell-skipped', { cell: id, reason });
  record.finishedAt = new Date(clock.unixMs()).toISOString();
  await disk.write(campaignFile(directory), toJson(record));
}

/** Rendering needs vega, which takes a while to load: not before it is needed. */
async function renderResults(directory: string): Promise<{ file: string; summary: Summary }> {
  const { renderReport } = await import('../reports/render.ts');
  return renderReport(directory);
}

function createRecord(
  { config, configSource }: CampaignOptions,
  identities: IdentitiesByTarget,
  requestBody: RequestBodyRecord | null,
): WrittenRecord {
  return {
    version: 1,
    name: config.name,
    startedAt: new Date().toISOString(),
    finishedAt: null,
    config: { ...config, source: configSource } as CampaignRecord['config'],
    environment: describeEnvironment(),
    identities: Object.fromEntries([...identities].map(([name, each]) => [name, recordIdentities(each)])),
    requestBody,
    cells: planCells(config),
    skipped: [],
    expect: config.expect ?? null,
    thresholds: config.thresholds,
  };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** @throws GT_CREDENTIAL_… when a credential can't be used now */
async function readAllIdentities({ targets, clock }: World): Promise<IdentitiesByTarget> {
  const all = new Map<string, Identities>();
  for (const { name, handle } of targets.values()) {
    const identities = await handle.identities();
    requireValid(identities, clock.unixMs());
    all.set(name, identities);
  }
  return all;
}
