/** One operation first: what can't do one is not fired at with a thousand. */

import { GlideTesterError } from '../../foundation/error.ts';
import type { Credential } from '../../scenarios/credentials/credential.ts';
import type { ResolvedTarget } from '../../scenarios/scenario.ts';
import type { TriedOperation } from '../campaign-event.ts';
import type { Config } from '../config/schema.ts';
import { durationMs, type PlannedCell, shareOf } from '../plan.ts';
import { probeBaseline } from './recovery.ts';
import type { ReadyPilot } from '../pilots/roster.ts';
import type { MeasuredTarget, World } from '../world.ts';
import { reachFromSites } from './reach.ts';

/** What is tried, and as whom. */
export type FirstTarget = { measured: MeasuredTarget; target: ResolvedTarget; credential: Credential | null };

/** Beyond its timeouts, how long a pilot may take to tell how the one operation ended. */
const TOLD_WITHIN_MS = 5000;

/**
 * Probes each directory size ten times from here, and runs one operation from each site; breaks off when interrupted.
 *
 * @returns per directory size (null: there are none), within what time a probe's answer counts as in time
 * @throws GT_TARGET_UNUSABLE when an operation fails
 */
export async function tryOperations(
  world: World,
  cells: readonly PlannedCell[],
  first: FirstTarget,
): Promise<Map<number | null, number>> {
  const answerWithinMs = new Map<number | null, number>();
  const bySize = new Map(cells.map((cell) => [cell.identity.directorySize, cell]));
  for (const [size, { scenario }] of bySize) {
    const { connect, handshake, answer } = first.target.timeoutsMs;
    const baseline = await probeBaseline({
      clock: world.clock,
      scenario,
      target: first.target,
      credential: first.credential,
      withinMs: connect + handshake + answer,
      signal: world.interrupt.drain,
    });
    if (world.interrupt.drain.aborted) return answerWithinMs;
    if ('outcome' in baseline) {
      const operation = describeOperation(world.config.scenario, size, first.target);
      throw unusable(world, first, `${operation} from the coordinator`, baseline.outcome);
    }
    answerWithinMs.set(size, baseline.answerWithinMs);
    await world.journal.write('baseline-probed', {
      target: first.measured.name,
      directorySize: size,
      answerWithinMs: baseline.answerWithinMs,
    });
  }
  await tryFromSites(world, cells[0] as PlannedCell, first);
  return answerWithinMs;
}

async function tryFromSites(world: World, cell: PlannedCell, first: FirstTarget): Promise<void> {
  const { config, clock, keeper } = world;
  keeper.need(cell.identity.level, shareOf(config.barrier.spare));
  const sites = [...keeper.shareOverSites(cell.identity.level)].filter(([, share]) => share > 0).map(([site]) => site);
  const deadlineMs = clock.nowMs() + durationMs(config.barrier.within);
  const bySite = await reachFromSites(world, first.measured, first.target);
  for (const [id, site] of sites.entries()) {
    await tryFromSite(world, site, { id, cell, ...first, target: bySite.get(site) ?? first.target, deadlineMs });
  }
}

type Trial = FirstTarget & { id: number; cell: PlannedCell; deadlineMs: number };

/** A pilot that is lost meanwhile says nothing of the target: another one is asked. */
async function tryFromSite(world: World, site: string, trial: Trial): Promise<void> {
  const { changes, roster, keeper, interrupt } = world;
  const limit = { deadlineMs: trial.deadlineMs, signal: interrupt.drain };
  const find = (): ReadyPilot | undefined => roster.ready().find((each) => each.site === site);
  for (;;) {
    await changes.until(() => find() !== undefined || keeper.hasGivenUp(), limit);
    const pilot = find();
    // A site without pilots is the barrier's to report, with its own limit: here it is only waited for.
    if (pilot === undefined || interrupt.drain.aborted || (await tryFrom(world, pilot, trial))) return;
  }
}

/** False when the pilot was lost before it could tell. */
async function tryFrom(world: World, pilot: ReadyPilot, trial: Trial): Promise<boolean> {
  const { id, cell, measured, target, credential } = trial;
  const { config, clock, changes, switchboard, journal, observe, interrupt } = world;
  const { labelled } = measured.config;
  // Of several targets each begins to count its trials anew.
  switchboard.forget(pilot.id, 'tried');
  pilot.connection.send({ type: 'try', id, scenario: cell.scenario, target, credential, labelled });
  const told = () => {
    const message = switchboard.latest(pilot.id, 'tried')?.message;
    return message?.id === id ? message : null;
  };
  const { connect, handshake, answer } = target.timeoutsMs;
  const deadlineMs = clock.nowMs() + connect + handshake + answer + TOLD_WITHIN_MS;
  await changes.until(() => told() !== null || pilot.state !== 'ready', { deadlineMs, signal: interrupt.drain });
  if (interrupt.drain.aborted) return true;
  const message = told();
  if (message === null && pilot.state !== 'ready') return false;
  if (message === null) throw unusable(world, trial, `the one from site ${pilot.site}`, 'the pilot did not tell');
  const { connectMs, handshakeMs, firstByteMs, restMs, answerBytes, outcome } = message;
  const operation = describeOperation(config.scenario, cell.identity.directorySize, target);
  const tried: TriedOperation = {
    site: pilot.site,
    operation,
    outcome,
    connectMs,
    handshakeMs,
    firstByteMs,
    restMs,
    answerBytes,
  };
  await journal.write('operation-tried', { target: measured.name, ...tried });
  observe({ type: 'operation-tried', tried });
  if (outcome !== 'ok') throw unusable(world, trial, `${operation} from site ${pilot.site}`, outcome);
  return true;
}

/** `srm-ls of 20 files`, `GET /status?all=1`. */
function describeOperation(scenario: Config['scenario'], size: number | null, { path }: ResolvedTarget): string {
  return scenario.kind === 'srm-ls' ? `${scenario.kind} of ${size} files` : `${scenario.method} ${path}`;
}

function unusable({ config }: World, { measured }: FirstTarget, what: string, came: string): GlideTesterError {
  return new GlideTesterError(
    'GT_TARGET_UNUSABLE',
    `expected one operation to succeed before the first cell (${what}); it ended as ${came}`,
    { hint: adviseAfter(came, measured.handle.url(), config.scenario.kind) },
  );
}

/** What to look at first, by how the operation ended. */
function adviseAfter(outcome: string, url: string, scenario: Config['scenario']['kind']): string {
  const isSecured = !url.startsWith('http:');
  if (outcome.startsWith('handshake-failure/server-'))
    return `the certificate of ${url} is not accepted: check target.caDirectory, and the host in target.url`;
  if (isSecured && (outcome.startsWith('handshake-failure') || outcome === 'reset'))
    return `the service may not accept the certificate of target.identity: its log should name the reason`;
  if (outcome === 'status/SRM_AUTHORIZATION_FAILURE')
    return 'the service knows no user for the subject of target.identity: have it mapped there, or name another identity';
  if (outcome === 'status/text')
    return `the answer of ${url} does not contain scenario.expectText: look at it, in upper and lower case too`;
  if (outcome.startsWith('status/http-3') && scenario === 'http-get')
    return `redirects are not followed: write in target.url where ${url} leads, or the status in scenario.expectStatus`;
  if (scenario === 'http-get')
    return `check that ${url} is the service and answers as scenario.expectStatus and scenario.headers have it`;
  return `check that ${url} is the service and serves the directories of the config`;
}
