/**
 * What a campaign was held to as JUnit XML, for CI servers: a suite, in it a test case a threshold, an expectation and a cell.
 * The document fits both schemas that are about: Ant's (https://github.com/windyroad/JUnit-Schema) and Jenkins'
 * (https://github.com/jenkinsci/xunit-plugin, junit-10.xsd).
 */

import type { CellSummary, Summary, Verdict } from '../summary.ts';
import { countStates } from '../trust.ts';
import { escapeXml, writeAttributes } from './xml-text.ts';

/** One that has neither has passed. */
type TestCase = { of: string; name: string; timeMs: number; failure?: Problem; skipped?: string };
type Problem = { type: string; message: string };

/** The whole document; ends with a newline. */
export function renderJunit(summary: Summary): string {
  const cases = [
    ...summary.thresholds.map(judgeThreshold),
    ...(summary.findings?.rows ?? []).map(judgeExpectation),
    ...summary.cells.map(judgeCell),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite${writeAttributes(describeSuite(summary, cases))}>`,
    ...listProperties(summary),
    ...cases.flatMap((each) => writeCase(summary.name, each)),
    `    <system-out>${escapeXml(countStates(summary))}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** Not met, or not measured: both end a run with 99. */
function judgeThreshold(row: Summary['thresholds'][number]): TestCase {
  const problem = row.verdict === 'met' ? {} : { failure: failureOf(row) };
  return { of: 'thresholds', name: row.check, timeMs: 0, ...problem };
}

/** One that was not measured has failed nobody: an expectation does not decide how a run ends. */
function judgeExpectation(row: Verdict & { says: string }): TestCase {
  const name = `${row.says} (${row.check})`;
  if (row.verdict === 'not measured') return { of: 'expectations', name, timeMs: 0, skipped: row.measured };
  const problem = row.verdict === 'met' ? {} : { failure: failureOf(row) };
  return { of: 'expectations', name, timeMs: 0, ...problem };
}

function failureOf({ verdict, check, measured }: Verdict): Problem {
  return { type: verdict, message: `${verdict}: ${check}; measured: ${measured}` };
}

/** A degraded cell was measured, under less load than was asked for: no failure. */
function judgeCell({ id, state, reason, windowMs }: CellSummary): TestCase {
  const cell = { of: 'cells', name: id, timeMs: windowMs?.close ?? 0 };
  if (state === 'failed') return { ...cell, failure: { type: state, message: reason ?? 'no reason given' } };
  if (state === 'skipped') return { ...cell, skipped: reason ?? 'not run' };
  return cell;
}

function describeSuite({ name, startedAt, finishedAt }: Summary, cases: readonly TestCase[]) {
  const spanMs = finishedAt === null ? 0 : Date.parse(finishedAt) - Date.parse(startedAt);
  return {
    name: name.trim() || 'glidetester',
    package: 'glidetester',
    id: 0,
    tests: cases.length,
    failures: cases.filter(({ failure }) => failure !== undefined).length,
    errors: 0,
    skipped: cases.filter(({ skipped }) => skipped !== undefined).length,
    time: writeSeconds(spanMs),
    // Ant's schema has no place for a zone.
    timestamp: writeTime(startedAt),
    hostname: 'localhost',
  };
}

function listProperties({ startedAt, finishedAt, complete, version }: Summary): string[] {
  const properties = { startedAt, finishedAt: finishedAt ?? '', complete, summaryVersion: version };
  return [
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property${writeAttributes({ name, value: String(value) })}/>`,
    ),
    '    </properties>',
  ];
}

function writeCase(campaign: string, { of, name, timeMs, failure, skipped }: TestCase): string[] {
  // A dot parts packages from classes.
  const classname = `${campaign.replaceAll('.', '_')}.${of}`;
  const open = `    <testcase${writeAttributes({ name, classname, time: writeSeconds(timeMs) })}`;
  if (failure !== undefined) {
    const { type, message } = failure;
    return [
      `${open}>`,
      `      <failure${writeAttributes({ type, message })}>${escapeXml(message)}</failure>`,
      '    </testcase>',
    ];
  }
  if (skipped === undefined) return [`${open}/>`];
  return [`${open}>`, `      <skipped${writeAttributes({ message: skipped })}/>`, '    </testcase>'];
}

function writeSeconds(spanMs: number): string {
  return (Number.isFinite(spanMs) ? Math.max(0, spanMs) / 1000 : 0).toFixed(3);
}

function writeTime(iso: string): string {
  const time = new Date(iso);
  return (Number.isNaN(time.getTime()) ? new Date(0) : time).toISOString().slice(0, 19);
}
