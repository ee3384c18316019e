/** A cell's detail in few characters, and back. Runs in the browser as well. */
import { packNumbers, unpackNumbers } from './pack-numbers.js';
/** Digits of what is drawn, not measured with. */
const DIGITS = { edge: 6, ratio: 9, clients: 3 };
export function packDetail({ serviceTimes: { ok, failed, firstCohort }, course }) {
  return [
    packHistogram(ok),
    packHistogram(failed),
    packHistogram(firstCohort),
    course === null ? null : packCourse(course),
  ];
}
export function unpackDetail([ok, failed, firstCohort, course]) {
  return {
    serviceTimes: {
      ok: unpackHistogram(ok),
      failed: unpackHistogram(failed),
      firstCohort: unpackHistogram(firstCohort),
    },
    course: course === null ? null : unpackCourse(course),
  };
}
function packHistogram(histogram) {
  if (histogram === null) return null;
  const { fromUs, ratio, counts } = histogram;
  return [round(fromUs, DIGITS.edge), round(ratio, DIGITS.ratio), packNumbers(counts)];
}
function unpackHistogram(packed) {
  if (packed === null) return null;
  const [fromUs, ratio, counts] = packed;
  return { fromUs, ratio, counts: unpackCounts(counts) };
}
function packCourse({ everyMs, endMs, ok, firstCohort, failed, inFlight }) {
  const clients = inFlight.map((each) => (each === null ? null : round(each, DIGITS.clients)));
  return [
    everyMs,
    round(endMs, DIGITS.edge),
    packNumbers(ok),
    packNumbers(firstCohort),
    packNumbers(failed),
    packNumbers(clients),
  ];
}
function unpackCourse([everyMs, endMs, ok, firstCohort, failed, inFlight]) {
  return {
    everyMs,
    endMs,
    ok: unpackCounts(ok),
    firstCohort: unpackCounts(firstCohort),
    failed: unpackCounts(failed),
    inFlight: unpackNumbers(inFlight),
  };
}
function unpackCounts(packed) {
  return unpackNumbers(packed).map((count) => count ?? 0);
}
function round(value, digits) {
  return Number(value.toPrecision(digits));
}
