/** Runs one row: its contenders in turn (A B C A B C …), round after round. */

import { awaitPorts } from './resting-ports.ts';
import type { Absent, BenchRow, Judged, Sample, Setting } from './bench-row.ts';

export type RowResult = {
  name: string;
  title: string;
  unit: string;
  /** ISO 8601. */
  measuredAt: string;
  seconds: number;
  rounds: number;
  contenders: { name: string; isOurs: boolean; samples: Sample[] }[];
  goals: { text: string; judged: Judged | null }[];
  absent: readonly Absent[];
  remarks: readonly string[];
};

/** @param said told of each run as it ends */
export async function runRow(
  row: BenchRow,
  setting: Setting,
  rounds: number,
  said: (line: string) => void,
): Promise<RowResult> {
  await awaitPorts();
  await using open = await row.open(setting);
  const runs = new Map<string, Sample[]>(open.contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, run } of open.contenders) {
      await awaitPorts();
      const sample = await run();
      runs.get(name)?.push(sample);
      said(`${row.name} ${round}/${rounds} ${name}: ${sample.value.toPrecision(4)} ${row.unit}`);
    }
  }
  return {
    name: row.name,
    title: row.title,
    unit: row.unit,
    measuredAt: new Date().toISOString(),
    seconds: setting.seconds,
    rounds,
    contenders: open.contenders.map(({ name, isOurs }) => ({ name, isOurs, samples: runs.get(name) ?? [] })),
    goals: row.goals.map((goal) => ({ text: goal.text, judged: goal.judge(runs) })),
    absent: open.absent,
    remarks: open.remarks,
  };
}
