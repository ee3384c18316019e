import test, { type ExecutionContext } from 'ava';
import { XML_LIMITS } from '../../../scenarios/srm/xml-limits.ts';
import type { ElementRule } from '../../../scenarios/srm/rule-cursor.ts';
import { UnreadableSoapError } from '../../../scenarios/srm/unreadable-soap-error.ts';
import { createXmlReader } from '../../../scenarios/srm/xml-reader.ts';

const everywhere: ElementRule<string[]> = { close: (texts, text) => texts.push(text) };
everywhere.otherChild = everywhere;

/** The texts of all elements, in the order of their ends. */
function read(...chunks: string[]): string[] {
  const texts: string[] = [];
  const reader = createXmlReader(everywhere, texts);
  for (const chunk of chunks) reader.write(Buffer.from(chunk));
  reader.end();
  return texts;
}

const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
const withAttributes = (count: number): string =>
  `<a ${Array.from({ length: count }, (_, index) => `a${index}=""`).join(' ')}/>`;

test('what is within the limits is read', (t) => {
  t.is(read(nested(XML_LIMITS.depth)).length, XML_LIMITS.depth);
  t.is(read(withAttributes(XML_LIMITS.attributesPerElement)).length, 1);
  t.is(read(`<a b="${'x'.repeat(XML_LIMITS.attributeCharacters)}"/>`).length, 1);
  t.is(read(`<a>${'x'.repeat(XML_LIMITS.textCharacters)}</a>`)[0]?.length, XML_LIMITS.textCharacters);
});

function isRefused(t: ExecutionContext, chunks: string[], message: RegExp): void {
  const error = t.throws(() => read(...chunks), { instanceOf: UnreadableSoapError });
  t.regex(error.message, message);
}
test('one level too deep is refused', isRefused, [nested(XML_LIMITS.depth + 1)], /too deep/);
test('a million levels are refused', isRefused, ['<a>'.repeat(1e6)], /too deep/);
test('a million levels around ids are refused', isRefused, ['<a id="b">', '<a>'.repeat(1e6)], /too deep/);
test(
  'one attribute too many is refused',
  isRefused,
  [withAttributes(XML_LIMITS.attributesPerElement + 1)],
  /attributes/,
);
test(
  'an attribute that is too long is refused',
  isRefused,
  [`<a b="${'x'.repeat(XML_LIMITS.attributeCharacters + 1)}"/>`],
  /attribute .*too long/,
);
test('an attribute twice is refused', isRefused, ['<a b="" b=""/>'], /duplicate/);
test(
  'a text that is too long is refused',
  isRefused,
  [`<a>${'x'.repeat(XML_LIMITS.textCharacters + 1)}</a>`],
  /too much text/,
);
test(
  'a text of too many pieces is refused',
  isRefused,
  [`<a>${'<![CDATA[0123456789]]>'.repeat(XML_LIMITS.textCharacters / 10 + 1)}</a>`],
  /too much text/,
);

/** What a reader would have to keep, were there no limit: it goes on in pieces for ever. */
function isNotKeptForEver(t: ExecutionContext, start: string): void {
  const piece = 'x'.repeat(64 * 1024);
  const pieces = Array.from({ length: 3 + XML_LIMITS.textCharacters / piece.length }, () => piece);
  isRefused(t, [start, ...pieces], /too much between/);
}
test('a text without an end is refused', isNotKeptForEver, '<a>');
test('a comment without an end is refused', isNotKeptForEver, '<a><!--');
test('an attribute without an end is refused', isNotKeptForEver, '<a b="');
test('a name without an end is refused', isNotKeptForEver, '<');
test('an end tag without an end is refused', isNotKeptForEver, '<a></');
test('an entity without an end is refused', isNotKeptForEver, '<a>&');
test('a DOCTYPE without an end is refused', isNotKeptForEver, '<!DOCTYPE ');
test('a CDATA section without an end is refused', isNotKeptForEver, '<a><![CDATA[');
test('a processing instruction without an end is refused', isNotKeptForEver, '<a><?b ');
test('an XML declaration without an end is refused', isNotKeptForEver, '<?xml version="');

test('a message without an end is refused', (t) => {
  const reader = createXmlReader<null>({}, null);
  const piece = Buffer.from(`<a>${' '.repeat(1e6)}</a>`);
  reader.write(Buffer.from('<a>'));
  t.throws(
    () => {
      for (let bytes = 0; bytes <= XML_LIMITS.documentBytes; bytes += piece.length) reader.write(piece);
    },
    { instanceOf: UnreadableSoapError, message: /too long/ },
  );
});

test(
  'a DOCTYPE is refused before any of its entities',
  isRefused,
  ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  /DOCTYPE/,
);
test('only the five entities of XML exist', isRefused, ['<a>&nbsp;</a>'], /entity/);
test('names of JavaScript are no entities', isRefused, ['<a>&constructor;</a>'], /entity/);
test('a character that XML does not have is refused', isRefused, ['<a>&#0;</a>'], /entity/);

test('the five entities and numbered characters are read', (t) => {
  t.deepEqual(read('<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F300;</a>'), [`<>&"'A🌀`]);
});

test('names of JavaScript are names like any other', (t) => {
  t.deepEqual(read('<a __proto__="x" constructor="y"><__proto__>1</__proto__><constructor>2</constructor></a>'), [
    '1',
    '2',
    '',
  ]);
});
