/**
 * The paper's findings, by the campaigns that ship, at a twentieth to a fiftieth of their size. Alone on the machine: what is
 * expected are rates, and service and clients are to stay well under one core.
 */

import test, { type ExecutionContext } from 'ava';
import { listFindings, runShippedCampaign } from '../support/shipped-campaign.ts';

async function findsAll(t: ExecutionContext, name: string, set: readonly string[] = []): Promise<void> {
  const { summary, exitCode, stderr } = await runShippedCampaign(t, name, set);
  for (const line of listFindings(summary)) t.log(line);
  t.is(exitCode, 0, stderr);
  const wrong = [...(summary.findings?.rows ?? []), ...summary.thresholds].filter(({ verdict }) => verdict !== 'met');
  t.deepEqual(wrong, [], stderr);
  t.true((summary.findings?.rows.length ?? 0) > 0);
  // Every number rests on rows that the service has counted for itself.
  for (const { id, server } of summary.cells) t.is(server?.difference, 0, `${id}\n${stderr}`);
}

test('BeStMan grows with its clients and hangs beyond its threads', findsAll, 'bestman-small-directory', [
  // The longer its operations, the less of them is CPU that no config predicts.
  'parameters.scale=40',
]);
test('BeStMan2 has a plateau, stops accepting when overdriven, and recovers', findsAll, 'bestman2-small-directory', [
  'parameters.scale=50',
]);
test('their curves cross where the two configs say', findsAll, 'both-small-directory', ['parameters.scale=50']);
test('listings take longer in a straight line with their size', findsAll, 'directory-sizes', [
  'parameters.scale=50',
  // A fifth fewer of them a second: the service stays well under one core on a slow machine too.
  'parameters.lookUpMs=24',
]);
