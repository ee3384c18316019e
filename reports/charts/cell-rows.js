/** What the charts of one cell are drawn from, made of its detail. Runs in the browser as well: nothing here may need Node. */
import { formatNumber, formatQuantity } from '../format-number.js';
import { formatTime } from './format-time.js';
/** Operations by what became of them; the order of rows and colours. */
export const KINDS = ['succeeded', 'failed', 'first cohort'];
export function listCellRows(detail, { marks, windowMs }) {
  const steps = detail.course === null ? [] : listSteps(detail.course);
  return {
    times: listHistograms(detail).flatMap(([kind, histogram]) =>
      listTimes(kind, histogram, kind === 'succeeded' ? marks : []),
    ),
    rates: steps.flatMap(stackUp),
    inFlight: listInFlight(steps),
    window: windowMs === null ? [] : [{ from: windowMs[0] / 1000, to: windowMs[1] / 1000 }],
  };
}
function listHistograms({ serviceTimes: { ok, failed, firstCohort } }) {
  const all = [ok, failed, firstCohort];
  return KINDS.flatMap((kind, index) => {
    const histogram = all[index] ?? null;
    return histogram === null ? [] : [[kind, histogram]];
  });
}
/** Pixels above the plot: one line of words, or that above those of the percentiles. */
const HEAD_LINE = { alone: -9, aboveMarks: -37 };
function listTimes(kind, histogram, marks) {
  const count = histogram.counts.reduce((sum, each) => sum + each, 0);
  const line = marks.length === 0 ? HEAD_LINE.alone : HEAD_LINE.aboveMarks;
  return [
    { kind, head: `${kind}: ${formatQuantity(count, 'operation')}`, line },
    ...listBins(histogram).map((bin) => ({ kind, ...bin })),
    ...marks.map(([name, ms], place) => ({ kind, at: ms, text: `${name} ${formatTime(ms)}`, place })),
  ];
}
/** The bins that are not empty, in ms. */
function listBins({ fromUs, ratio, counts }) {
  const edge = (bin) => Number(((fromUs * ratio ** bin) / 1000).toPrecision(6));
  return counts.flatMap((count, bin) => (count === 0 ? [] : [{ from: edge(bin), to: edge(bin + 1), count }]));
}
/** Steps hold this many operations on average, if that leaves enough of them: single operations would be spikes. */
const OPERATIONS_A_STEP = 4;
const FEWEST_STEPS = 20;
const JOINED = [1, 2, 5, 10, 20];
/** Steps of equal length but the last, which would be a spike as well if it were shorter than half of the others. */
function listSteps(course) {
  const steps = course.ok.length;
  const total = sumOf(course.ok) + sumOf(course.firstCohort) + sumOf(course.failed);
  const possible = JOINED.filter((joined) => joined === 1 || steps / joined >= FEWEST_STEPS);
  const joined = possible.find((each) => (total * each) / steps >= OPERATIONS_A_STEP) ?? possible.at(-1) ?? 1;
  const everyMs = course.everyMs * joined;
  const count = Math.max(1, Math.round(course.endMs / everyMs));
  return Array.from({ length: count }, (_, index) => {
    const isLast = index === count - 1;
    const part = (values) => values.slice(index * joined, isLast ? undefined : (index + 1) * joined);
    const clients = part(course.inFlight).filter((each) => each !== null);
    return {
      from: (index * everyMs) / 1000,
      to: (isLast ? course.endMs : (index + 1) * everyMs) / 1000,
      ok: sumOf(part(course.ok)),
      firstCohort: sumOf(part(course.firstCohort)),
      failed: sumOf(part(course.failed)),
      inFlight: clients.length === 0 ? null : sumOf(clients) / clients.length,
    };
  });
}
function sumOf(values) {
  return values.reduce((sum, each) => sum + each, 0);
}
function stackUp({ from, to, ok, firstCohort, failed }) {
  let low = 0;
  const counts = [
    ['succeeded', ok],
    ['first cohort', firstCohort],
    ['failed', failed],
  ];
  return counts.flatMap(([kind, count]) => {
    if (count === 0) return [];
    const high = low + Number((count / (to - from)).toPrecision(6));
    const row = { kind, from, to, low, high };
    low = high;
    return [row];
  });
}
/** Every step's beginning, and the end of the last in a row. */
function listInFlight(steps) {
  let stretch = 0;
  return steps.flatMap(({ from, to, inFlight }, index) => {
    if (inFlight === null) {
      stretch += 1;
      return [];
    }
    const clients = Number(inFlight.toPrecision(4));
    const isLast = (steps[index + 1]?.inFlight ?? null) === null;
    return [{ stretch, at: from, clients }, ...(isLast ? [{ stretch, at: to, clients }] : [])];
  });
}
export function tabulateCell(detail) {
  const steps = detail.course === null ? [] : listSteps(detail.course);
  return [
    {
      title: 'Service times',
      columns: ['operations', 'from (ms)', 'below (ms)', 'count'],
      rows: listHistograms(detail).flatMap(([kind, histogram]) =>
        listBins(histogram).map(({ from, to, count }) => [kind, ...[from, to, count].map(formatNumber)]),
      ),
    },
    {
      title: 'Course: operations that ended',
      columns: ['until (s)', 'succeeded', 'first cohort', 'failed', 'in flight'],
      rows: steps.map(({ to, ok, firstCohort, failed, inFlight }) =>
        [to, ok, firstCohort, failed, inFlight].map(formatNumber),
      ),
    },
  ];
}
