import test from 'ava';
import * as fc from 'fast-check';
import { createAnswerMemory } from '../../../scenarios/answer-memory.ts';
import { findIndifferentTexts } from '../../../scenarios/srm/indifferent-texts.ts';
import type { LsAnswer } from '../../../scenarios/srm/ls-answer.ts';
import { readLsAnswer } from '../../../scenarios/srm/read-answer.ts';
import { type AnswerForm, writeFault, writeLsAnswer } from '../../../scenarios/srm/write-answer.ts';
import { lsReply } from '../../support/ls-reply.ts';

const textsOf = (answer: string): string[] => {
  const places = findIndifferentTexts(Buffer.from(answer));
  const bytes = Buffer.from(answer);
  return Array.from({ length: places.length / 2 }, (_, index) =>
    bytes.toString('utf8', places[2 * index], places[2 * index + 1]),
  );
};

const full = (form: AnswerForm): string => {
  const reply = lsReply(3, null, '/dåta/');
  for (const [index, file] of (reply.paths[0]?.subPaths ?? []).entries())
    Object.assign(file, { bytes: 100 + index, modifiedAtMs: 1_700_000_000_000 + index });
  return writeLsAnswer(reply, { form, operation: 'srmLs' });
};

test('sizes and times are texts that nothing depends on; paths and statuses are not', (t) => {
  const texts = textsOf(full('inline'));
  t.true(
    ['100', '101', '102', 'FILE'].every((text) => texts.includes(text)),
    texts.join(' '),
  );
  t.false(
    texts.some((text) => text.includes('SRM_') || text.includes('/dåta/')),
    texts.join(' '),
  );
});

const wrap = (inner: string): string => `<Envelope><Body><r>${inner}</r></Body></Envelope>`;

test('what may stand for something else is not indifferent', (t) => {
  t.deepEqual(textsOf(wrap('<size>1</size>')), ['1']);
  t.deepEqual(textsOf(wrap('<size id="i1">1</size><multiRef id="i2">2</multiRef><multiRef>3</multiRef>')), []);
  t.deepEqual(textsOf(wrap('<size a="x>y">1</size><b c:href="#i1">4</b><statusCode>5</statusCode>')), []);
  t.deepEqual(textsOf(`<?xml version="1.0"?>\n${wrap('<size>1</size>')}`), ['1']);
  t.deepEqual(textsOf(wrap('<size>1</size><!-- <size>2</size> -->')), []);
  t.deepEqual(textsOf(wrap('<![CDATA[<size>2</size>]]><size>1</size>')), []);
  t.deepEqual(textsOf(wrap('<?x <size>2</size>?><size>1</size>')), []);
  t.deepEqual(textsOf(wrap('<size>1&amp;</size><size>1<b>2</b></size>')), ['2']);
});

/** What may become of a piece of an answer on its way: most of it in texts, some of it anywhere. */
const change = fc.record({
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  isInText: fc.boolean(),
  removed: fc.nat(4),
  put: fc.oneof(
    fc.stringMatching(/^\d{0,6}$/),
    fc.constantFrom(
      '<',
      '>',
      '&amp;',
      '&',
      'é',
      ']]>',
      '<a/>',
      '<!--',
      'SRM_FAILURE',
      '</size>',
      '\n',
      'x'.repeat(300),
    ),
  ),
});

const TEXT = />[^<>]+</g;

function changed(
  answer: string,
  { at, isInText, removed, put }: typeof change extends fc.Arbitrary<infer T> ? T : never,
) {
  const texts = isInText ? [...answer.matchAll(TEXT)] : [];
  const chosen = texts[Math.floor(at * texts.length)];
  const place = chosen === undefined ? Math.floor(at * answer.length) : chosen.index + 1;
  const most = chosen === undefined ? removed : Math.min(removed, chosen[0].length - 2);
  return answer.slice(0, place) + put + answer.slice(place + most);
}

const FIRST = {
  inline: full('inline'),
  multiref: full('multiref'),
  bad: writeLsAnswer(lsReply(2, { index: 1, status: 'SRM_INVALID_PATH' })),
  fault: writeFault('Server', 'no'),
};

test('whatever differs, an answer means what its own bytes say, however they come', (t) => {
  const one = fc.record({
    from: fc.constantFrom<keyof typeof FIRST>('inline', 'inline', 'multiref', 'bad', 'fault'),
    changes: fc.array(change, { maxLength: 3 }),
    pieceBytes: fc.integer({ min: 1, max: 3000 }),
  });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 12 }), (answers) => {
      const body = createAnswerMemory({ read: readLsAnswer, findIndifferent: findIndifferentTexts }).createBody();
      const chunk = Buffer.alloc(4096, '#');
      for (const { from, changes, pieceBytes } of answers) {
        const bytes = Buffer.from(changes.reduce((text, each) => changed(text, each), FIRST[from]));
        body.begin();
        for (let at = 0; at < bytes.length; at += pieceBytes) {
          const count = bytes.copy(chunk, 7, at, at + pieceBytes);
          body.write(chunk, 7, 7 + count);
          chunk.fill('#');
        }
        if (JSON.stringify(body.end()) !== JSON.stringify(readLsAnswer([bytes]))) return false;
      }
      return true;
    }),
    { numRuns: 400 },
  );
  t.pass();
});

test('a text that is more than plain characters is read', (t) => {
  for (const text of ['&', '&amp;', ']]>', 'a > b', 'é', '<b/>', '<', '\u0001', 'x'.repeat(300)]) {
    const body = createAnswerMemory({ read: readLsAnswer, findIndifferent: findIndifferentTexts }).createBody();
    for (const answer of [FIRST.inline, FIRST.inline.replace('>101<', `>${text}<`)]) {
      body.begin();
      body.write(Buffer.from(answer), 0, Buffer.byteLength(answer));
      t.deepEqual(body.end(), readLsAnswer([Buffer.from(answer)]), text);
    }
  }
});

test('an answer that differs in sizes alone is not read again, one with another status is', (t) => {
  let readings = 0;
  const memory = createAnswerMemory({
    read(pieces) {
      readings += 1;
      return readLsAnswer(pieces);
    },
    findIndifferent: findIndifferentTexts,
  });
  const body = memory.createBody();
  const take = (answer: string): LsAnswer | null => {
    body.begin();
    body.write(Buffer.from(answer), 0, Buffer.byteLength(answer));
    return body.end();
  };
  const first = take(FIRST.inline);
  for (const size of ['7', '12345678', '']) t.is(take(FIRST.inline.replace('>101<', `>${size}<`)), first);
  t.is(readings, 1);
  const failed = FIRST.inline.replace(/SRM_SUCCESS(?!.*SRM_SUCCESS)/s, 'SRM_FAILURE');
  t.notDeepEqual(take(failed), first);
  t.is(readings, 2);
});
