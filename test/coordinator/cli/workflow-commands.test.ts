import test from 'ava';
import * as fc from 'fast-check';
import { listAnnotations } from '../../../coordinator/cli/campaign-annotations.ts';
import {
  type Annotation,
  formatAnnotation,
  guardCommands,
  guardJson,
} from '../../../coordinator/cli/workflow-commands.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { cellAt, summaryOf } from '../../support/summary-cells.ts';

type Command = { name: string; properties: Record<string, string>; data: string };

function unescape(text: string): string {
  const signs: Record<string, string> = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' };
  return text.replaceAll(/%(?:0D|0A|3A|2C|25)/g, (code) => signs[code] as string);
}

/** What a runner makes of a line: first by the form of today, at the line's beginning, then by the older one, anywhere. */
function parseCommand(line: string): Command | null {
  const [, name, properties, data] =
    /^\s*::([a-z-]+)(?: ([^]*?))?::([^]*)$/i.exec(line) ?? /##\[([a-z-]+)(?: ([^\]]*))?\]([^]*)$/i.exec(line) ?? [];
  if (name === undefined) return null;
  const pairs = (properties ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at), unescape(pair.slice(at + 1))]];
  });
  return { name, properties: Object.fromEntries(pairs) as Record<string, string>, data: unescape(data ?? '') };
}

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(...HOSTILE_TEXTS),
  fc
    .array(
      fc.constantFrom('::', ':', 'error', ' ', '\n', '\r', '##[', '#', '[', ']', '%0A', '\u00A0', '\u3000', '\u0085'),
    )
    .map((parts) => parts.join('')),
);

test('an annotation is one line that a runner reads back as it was meant', (t) => {
  fc.assert(
    fc.property(anyText, anyText, (title, message) => {
      const line = formatAnnotation({ level: 'error', title, message });
      t.notRegex(line, /[\r\n]/);
      t.deepEqual(parseCommand(line), {
        name: 'error',
        properties: { title: title.toWellFormed() },
        data: message.toWellFormed(),
      });
    }),
  );
});

test('the model of the runner in this test finds commands where there are some', (t) => {
  t.is(parseCommand(' \t::error title=a%3Ab::x%0Ay')?.properties['title'], 'a:b');
  t.is(parseCommand('before ##[add-mask]x')?.name, 'add-mask');
  t.is(parseCommand('a ::error::x'), null);
});

test('guarded text has no line that a runner takes for a command, and loses no letter', (t) => {
  fc.assert(
    fc.property(anyText, (text) => {
      const guarded = guardCommands(text);
      // .NET takes U+0085 for a blank, JavaScript does not.
      for (const line of guarded.split(/\r\n|\r|\n/))
        t.is(parseCommand(line.replaceAll('\u0085', ' ')), null, JSON.stringify(line));
      t.is(guarded.replaceAll(' ', ''), text.replaceAll(' ', ''));
    }),
  );
  t.is(guardCommands('rate: 5 Hz\n  std::string # [x]'), 'rate: 5 Hz\n  std::string # [x]');
});

test('guarded JSON is the same document without a command', (t) => {
  fc.assert(
    fc.property(anyText, (text) => {
      const json = guardJson(JSON.stringify({ [text]: [text] }, null, 2));
      t.deepEqual(JSON.parse(json), { [text]: [text] });
      for (const line of json.split('\n')) t.is(parseCommand(line), null);
    }),
  );
});

test('annotated are thresholds that are not met, cells that are not ok, and marks', (t) => {
  const mark = { code: 'short', value: 1, limit: 2, text: 'The window was short.' } as const;
  const annotations = listAnnotations({
    ...summaryOf(
      cellAt(1, 10),
      cellAt(2, 10, { marks: [mark] }),
      cellAt(4, 0, { state: 'failed', reason: 'hung' }),
      cellAt(8, 0, { state: 'skipped', reason: 'stopped' }),
      cellAt(16, 0, { state: 'skipped', reason: 'stopped' }),
    ),
    thresholds: [
      { check: 'a', verdict: 'met', measured: '1', otherwise: 'fail' },
      { check: 'b', verdict: 'not met', measured: '2', otherwise: 'fail' },
      { check: 'c', verdict: 'not measured', measured: 'no run', otherwise: 'abort' },
    ],
  });
  t.deepEqual(annotations, [
    { level: 'error', title: 'Threshold not met', message: 'b\nmeasured: 2' },
    { level: 'error', title: 'Threshold not measured', message: 'c\nmeasured: no run' },
    { level: 'warning', title: 'Cell d20-c4-r1 failed', message: 'hung' },
    { level: 'warning', title: '2 cells were not run', message: 'd20-c8-r1: stopped' },
    { level: 'warning', title: 'Cell d20-c2-r1: short', message: 'The window was short.' },
  ] satisfies Annotation[]);
});
