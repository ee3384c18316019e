import test from 'ava';
import { assert, property, string } from 'fast-check';
import { type EventLogLevel, isWritten } from '../../../frontend/event-log/event-level.ts';
import { quote, quotePath, writeEventLine } from '../../../frontend/event-log/event-line.ts';

test('a line has its time, its level and its text', (t) => {
  t.regex(writeEventLine('INFO', 'call 1 came'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO call 1 came\n$/);
});

const quoted = test.macro<[string, string]>({
  exec(t, text, expected) {
    t.is(quote(text), expected);
  },
  title: (_, text) => `${JSON.stringify(text)} in quotes`,
});

test(quoted, '/d20/file', '"/d20/file"');
test(quoted, 'a"b\\c', String.raw`"a\"b\\c"`);
test(quoted, 'one\nERROR two\r\t\0', String.raw`"one\nERROR two\r\t\u0000"`);
test(quoted, '\u001b[2J\u007f\u009b31m', String.raw`"\u001b[2J\u007f\u009b31m"`);
test(quoted, 'a\u2028b\u202ec\u2066d\ufeff', String.raw`"a\u2028b\u202ec\u2066d\ufeff"`);
test(quoted, '\ud800', String.raw`"\ud800"`);
test(quoted, 'Grüße 東京', '"Grüße 東京"');

test('whatever is quoted stays on its line, harmless and not too long, and can be read back', (t) => {
  assert(
    property(string({ unit: 'binary', maxLength: 700 }), (text) => {
      const written = quote(text);
      t.notRegex(written, /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      t.true(written.length <= 6 * 501 + 2);
      const read = JSON.parse(written) as string;
      t.is(read, text.length > 500 ? `${text.slice(0, 500)}…` : text);
    }),
  );
});

test('what follows a question mark is not told of a path', (t) => {
  t.is(quotePath('/d/f?authz=secret'), '"/d/f?…"');
  t.is(quotePath('/d/f'), '"/d/f"');
});

const written = (level: EventLogLevel): boolean[] =>
  (['DEBUG', 'INFO', 'ERROR'] as const).map((line) => isWritten(line, level));

test('each level writes its own lines and those above', (t) => {
  t.deepEqual(written('DEBUG'), [true, true, true]);
  t.deepEqual(written('INFO'), [false, true, true]);
  t.deepEqual(written('ERROR'), [false, false, true]);
  t.deepEqual(written('off'), [false, false, false]);
});
