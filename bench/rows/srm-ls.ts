/**
 * srmLs of 10 and of 1000 entries over kept connections, every entry's status and their number checked: CPU time per operation.
 * Answers are identical each time, or another size stands in one of their entries each time: a reader may recognise what it has
 * read before.
 */

import { type BenchRow, type Contender, type Goal, OURS, type OpenRow, type Setting } from '../bench-row.ts';
import { COUNT_EQUAL, ratioAtMost } from '../goals.ts';
import { ourLoad } from '../our-load.ts';
import { autocannon } from '../peers/autocannon.ts';
import { takeApart } from '../peers/http-request.ts';
import type { Load } from '../peers/load-contender.ts';
import { wrk } from '../peers/wrk.ts';
import { pinToCores } from '../pinning.ts';
import { absentPrograms } from '../programs.ts';
import { recordRequest } from '../record-exchange.ts';
import { countCommand } from '../services/count-command.ts';
import { type RecordedLs, type Replay, lsSpec, recordLs, startReplay } from '../services/replay.ts';
import { spreadOf } from '../statistics.ts';

type LsWork = { entries: number; connections: number; varying: boolean; timesWrk: number };

const OURS_WRONG = `${OURS}, wrong status in the last entry but one`;

/** Our own count of successes is the service's count of good answers, and wrong ones came. */
const WRONG_IS_CAUGHT: Goal = {
  text: 'every wrong status in the last entry but one is caught',
  judge(runs) {
    const samples = runs.get(OURS_WRONG) ?? [];
    if (samples.length === 0) return null;
    const figure = spreadOf(samples.map(({ notes }) => notes['caught'] ?? 0));
    const isEqual = samples.every(({ count }) => count !== null && count.ours === count.service);
    return { figure, isMet: isEqual && figure.least > 0, unit: 'caught' };
  },
};

export const SRM_LS_ROWS: readonly BenchRow[] = [
  { entries: 10, connections: 50, varying: false, timesWrk: 1.3 },
  { entries: 10, connections: 50, varying: true, timesWrk: 1.3 },
  { entries: 1000, connections: 8, varying: false, timesWrk: 2 },
  { entries: 1000, connections: 8, varying: true, timesWrk: 2 },
].map(createRow);

function createRow(work: LsWork): BenchRow {
  const { entries, connections, varying, timesWrk } = work;
  const answers = varying ? 'something differs in every answer' : 'answers are identical';
  return {
    name: `srm-ls-${entries}${varying ? '-varying' : ''}`,
    title: `srmLs of ${entries} entries, ${connections} kept connections, ${answers}: CPU per operation`,
    unit: 'us',
    isDefault: true,
    rounds: null,
    seconds: null,
    goals: [ratioAtMost('wrk', timesWrk, 'CPU per operation'), COUNT_EQUAL, WRONG_IS_CAUGHT],
    open: (setting) => openRow(work, setting),
  };
}

async function openRow(work: LsWork, setting: Setting): Promise<OpenRow> {
  const pinning = pinToCores();
  const recorded = await recordLs(setting.folder, work.entries);
  await using services = new AsyncDisposableStack();
  const replay = services.use(await startReplay(recorded, work.varying ? 'varying' : 'identical', pinning.rest));
  const wrong = services.use(await startReplay(recorded, 'wrong', pinning.rest));
  const load: Load = { pin: pinning.load, serviceCpuMs: replay.cpuMs };
  const contenders = [
    createOurs(setting, { work, recorded, replay }),
    ...(await createPeers(setting, { work, recorded, replay }, load)),
    createOursWrong(setting, { work, recorded, replay: wrong }),
  ];
  const kept = services.move();
  return {
    contenders,
    absent: absentPrograms(['wrk']),
    remarks: [
      `an answer has ${recorded.answer.length} bytes, recorded from the real frontend; ${pinning.remark}`,
      "the service replays it: the frontend's own work would be the limit",
    ],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

type Place = { work: LsWork; recorded: RecordedLs; replay: Replay };

function createOurs({ folder, seconds }: Setting, { work, recorded, replay }: Place, counted = 'answered'): Contender {
  const { entries, directory } = recorded;
  return ourLoad({
    folder,
    seconds,
    connections: work.connections,
    pinning: pinToCores(),
    serviceCpuMs: replay.cpuMs,
    target: {
      kind: 'url',
      url: replay.url,
      counters: countCommand('plain', `${replay.listening.control}/${counted}`),
      labelled: false,
      connection: { perOperation: false },
    },
    scenario: { kind: 'srm-ls', directories: { [entries]: directory } },
    afterFailure: { pause: '0ms' },
  });
}

/** Short: it is about the count. Its CPU time is no figure of the row. */
function createOursWrong(setting: Setting, place: Place): Contender {
  const { run } = createOurs({ ...setting, seconds: 2 }, place, 'good');
  return {
    name: OURS_WRONG,
    isOurs: true,
    async run() {
      const sample = await run();
      return { ...sample, notes: { caught: sample.notes['failed'] ?? 0 } };
    },
  };
}

async function createPeers({ folder, seconds }: Setting, place: Place, load: Load): Promise<Contender[]> {
  const { work, recorded, replay } = place;
  const { origin, pathname } = new URL(replay.url);
  const post = takeApart(await recordRequest(lsSpec(recorded), origin, pathname));
  const wish = { url: replay.url, connections: work.connections, seconds };
  return [wrk(folder, wish, post, load), autocannon(folder, wish, post, load)].filter((peer) => peer !== null);
}
