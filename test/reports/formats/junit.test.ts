import test from 'ava';
import { SaxesParser } from 'saxes';
import { renderJunit } from '../../../reports/formats/render-junit.ts';
import type { Summary } from '../../../reports/summary.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { cellAt, summaryOf } from '../../support/summary-cells.ts';

type Element = { name: string; attributes: Record<string, string>; children: Element[]; text: string };

/** @throws Error when it is not well-formed */
function parseXml(xml: string): Element {
  const document: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [document];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: { ...attributes }, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    (open.at(-1) as Element).text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return document;
}

/** What both Ant's and Jenkins' schema allow: children in their order, and all attributes that either asks for. */
const SHAPES: Record<string, { children: RegExp; attributes: string[] }> = {
  '': { children: /^testsuites $/, attributes: [] },
  testsuites: { children: /^(?:testsuite )*$/, attributes: [] },
  testsuite: {
    children: /^properties (?:testcase )*system-out system-err $/,
    attributes: ['errors', 'failures', 'hostname', 'id', 'name', 'package', 'skipped', 'tests', 'time', 'timestamp'],
  },
  properties: { children: /^(?:property )+$/, attributes: [] },
  property: { children: /^$/, attributes: ['name', 'value'] },
  testcase: { children: /^(?:skipped |failure )?$/, attributes: ['classname', 'name', 'time'] },
  failure: { children: /^$/, attributes: ['message', 'type'] },
  skipped: { children: /^$/, attributes: ['message'] },
  'system-out': { children: /^$/, attributes: [] },
  'system-err': { children: /^$/, attributes: [] },
};

function listMisshapen({ name, attributes, children }: Element): string[] {
  const shape = SHAPES[name];
  if (shape === undefined) return [`unknown element ${name}`];
  const order = children.map((child) => `${child.name} `).join('');
  return [
    ...(shape.children.test(order) ? [] : [`${name} has ${order}`]),
    ...(Object.keys(attributes).toSorted().join() === shape.attributes.join() ? [] : [`attributes of ${name}`]),
    ...('time' in attributes && !/^\d+\.\d{3}$/.test(attributes['time'] ?? '') ? [`time of ${name}`] : []),
    ...children.flatMap(listMisshapen),
  ];
}

function readSuite(summary: Summary): { suite: Element; cases: Element[] } {
  const document = parseXml(renderJunit(summary));
  const [suite] = document.children[0]?.children ?? [];
  if (suite === undefined) throw new Error('no suite');
  return { suite, cases: suite.children.filter(({ name }) => name === 'testcase') };
}

const JUDGED: Summary = {
  ...summaryOf(
    cellAt(1, 100),
    cellAt(4, 300, { state: 'degraded', reason: 'fewer held' }),
    cellAt(16, 0, { state: 'failed', reason: 'service hung' }),
    cellAt(64, 0, { state: 'skipped', reason: 'not reached', windowMs: null }),
  ),
  name: 'judged',
  finishedAt: '2026-11-21T14:03:10.500Z',
  thresholds: [
    { check: 'rate at level 1 > 90 Hz', verdict: 'met', measured: '100 Hz', otherwise: 'fail' },
    { check: 'failed < 1 %', verdict: 'not met', measured: '33 %', otherwise: 'abort' },
    { check: 'p99 at level 64 < 60 s', verdict: 'not measured', measured: 'no run had a window', otherwise: 'fail' },
  ],
  findings: {
    source: 'a paper',
    rows: [
      { says: 'It rises', check: 'slope > 0', verdict: 'met', measured: '3 Hz/client' },
      { says: 'It is quick', check: 'p50 < 1 ms', verdict: 'not met', measured: '12 ms' },
      { says: 'It comes back', check: 'recovered', verdict: 'not measured', measured: 'not tried' },
    ],
  },
};

test('a threshold that is not met or not measured fails, an expectation only when it is not met, a cell when it failed', (t) => {
  const { suite, cases } = readSuite(JUDGED);
  t.deepEqual(
    cases.map(({ attributes, children }) => [
      attributes['classname'],
      attributes['name'],
      children[0]?.name ?? 'passed',
    ]),
    [
      ['judged.thresholds', 'rate at level 1 > 90 Hz', 'passed'],
      ['judged.thresholds', 'failed < 1 %', 'failure'],
      ['judged.thresholds', 'p99 at level 64 < 60 s', 'failure'],
      ['judged.expectations', 'It rises (slope > 0)', 'passed'],
      ['judged.expectations', 'It is quick (p50 < 1 ms)', 'failure'],
      ['judged.expectations', 'It comes back (recovered)', 'skipped'],
      ['judged.cells', 'd20-c1-r1', 'passed'],
      ['judged.cells', 'd20-c4-r1', 'passed'],
      ['judged.cells', 'd20-c16-r1', 'failure'],
      ['judged.cells', 'd20-c64-r1', 'skipped'],
    ],
  );
  const { tests, failures, errors, skipped, time, timestamp } = suite.attributes;
  t.deepEqual(
    { tests, failures, errors, skipped, time, timestamp },
    { tests: '10', failures: '4', errors: '0', skipped: '2', time: '70.500', timestamp: '2026-11-21T14:02:00' },
  );
  t.is(cases[1]?.children[0]?.attributes['message'], 'not met: failed < 1 %; measured: 33 %');
  t.is(cases[8]?.children[0]?.attributes['message'], 'service hung');
});

test('the document has the shape that both Ant’s and Jenkins’ schema allow', (t) => {
  t.deepEqual(listMisshapen(parseXml(renderJunit(JUDGED))), []);
  t.deepEqual(listMisshapen(parseXml(renderJunit(summaryOf()))), []);
});

test('hostile text stays text, and what XML has no place for is gone', (t) => {
  for (const text of HOSTILE_TEXTS) {
    const cell = cellAt(1, 1, { state: 'failed', reason: text, id: text });
    const summary: Summary = {
      ...summaryOf(cell),
      name: text,
      thresholds: [{ check: text, verdict: 'not met', measured: text, otherwise: 'fail' }],
    };
    const document = parseXml(renderJunit(summary));
    t.deepEqual(listMisshapen(document), []);
    const [threshold] = readSuite(summary).cases;
    // Every letter that XML can hold, in its order.
    const shown = text.replaceAll(/[\p{Cc}\s\uFFFE\uFFFF]|\p{Cs}/gu, '');
    t.is(threshold?.attributes['name']?.replaceAll(/[\s\uFFFD]/g, ''), shown);
  }
});
