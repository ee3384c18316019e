/** Whether to believe a campaign: each check with its outcome, what was not checked, and the cells that are in doubt. */

import type { CellSummary, Summary } from './summary.ts';
import {
  REST,
  checkHandshakes,
  checkLittle,
  checkRest,
  checkRows,
  checkServerCount,
  checkService,
  checkWindow,
} from './trust/evidence-checks.ts';
import { checkGenerator, checkHeld, checkNetwork, checkOwnSide, checkStart } from './trust/load-checks.ts';
import { type TrustCheck, notChecked } from './trust/trust-check.ts';

/** The checks in the order of their weight; a check that holds by arithmetic is not among them. */
export function checkTrust(summary: Summary): TrustCheck[] {
  const measured = summary.cells.filter(({ windowMs }) => windowMs !== null);
  if (measured.length === 0) return [notChecked('cells', 'no cell was measured')];
  return [
    checkServerCount(measured),
    checkGenerator(measured),
    ...checkOwnSide(measured),
    ...checkNetwork(measured),
    ...checkService(measured),
    checkHeld(measured),
    checkStart(measured),
    checkLittle(measured),
    checkRows(measured),
    ...checkWindow(measured),
    ...checkHandshakes(measured),
    ...checkRest(measured),
  ];
}

/** Cells by state, in one line: '16 ok, 0 degraded, 1 failed, 37 not run'. */
export function countStates({ cells }: Summary): string {
  const count = (state: CellSummary['state']): number => cells.filter((cell) => cell.state === state).length;
  const states = [`${count('ok')} ok`, `${count('degraded')} degraded`, `${count('failed')} failed`];
  return [...states, ...(count('skipped') > 0 ? [`${count('skipped')} not run`] : [])].join(', ');
}

/** A cell whose numbers need a look before they are believed, and why in a word or two: its state or its marks. */
export type DoubtfulCell = { id: string; why: string };

export type TrustVerdict = {
  /** Cells that ran, and those among them in which nothing speaks against the numbers. */
  ran: number;
  believed: number;
  /** The others, in the order of the plan. */
  doubtful: readonly DoubtfulCell[];
  /** 'YES for 16 of 17 cells'. */
  says: string;
};

/** What a service does to itself is the finding, no doubt about it. */
const NO_DOUBT: ReadonlySet<TrustCheck['name']> = new Set(['service']);

/** A cell is believed when its state is ok and no check asks to look at it. */
export function judgeTrust(summary: Summary, checks: readonly TrustCheck[]): TrustVerdict {
  const ran = summary.cells.filter(({ state }) => state !== 'skipped');
  const doubts = checks.filter(({ name }) => !NO_DOUBT.has(name));
  const doubtful = ran.flatMap(({ id, state, marks }) => {
    const by = doubts.filter(({ cells }) => cells.includes(id)).map(({ name }) => name);
    if (state === 'ok' && by.length === 0) return [];
    const codes = marks.map(({ code }) => code);
    return [{ id, why: [...(state === 'ok' ? [] : [state]), ...(codes.length > 0 ? codes : by)].join(', ') }];
  });
  const believed = ran.length - doubtful.length;
  const isWhole = checks.every(({ name, verdict }) => verdict !== 'not checked' || name === REST);
  const but = isWhole || believed === 0 ? '' : ', as far as was checked';
  return { ran: ran.length, believed, doubtful, says: `${describeVerdict(ran.length, believed)}${but}` };
}

function describeVerdict(ran: number, believed: number): string {
  if (ran === 0) return 'nothing was measured';
  if (ran === 1) return believed === 1 ? 'YES for the one cell' : 'NO, the one cell needs a look';
  if (believed === 0) return `NO, each of ${ran} cells needs a look`;
  return believed === ran ? `YES for all ${ran} cells` : `YES for ${believed} of ${ran} cells`;
}
