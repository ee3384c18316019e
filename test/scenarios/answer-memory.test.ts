import test from 'ava';
import * as fc from 'fast-check';
import { createAnswerMemory } from '../../scenarios/answer-memory.ts';

/** Few letters and short, so that answers are often equal, or one is the beginning of another. */
const answer = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
const answers = fc.array(fc.record({ text: answer, cuts: fc.array(fc.nat(12), { maxLength: 4 }) }), { maxLength: 20 });

function piecesOf(text: string, cuts: readonly number[]): string[] {
  const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
}

test('whatever came before, and however it comes in pieces, an answer has the reading of its own bytes', (t) => {
  fc.assert(
    fc.property(answers, fc.integer({ min: 1, max: 3 }), (list, bodies) => {
      const memory = createAnswerMemory({ read: (pieces) => Buffer.concat([...pieces]).toString() });
      const taking = Array.from({ length: bodies }, () => memory.createBody());
      // One buffer for all, overwritten each time, as a connection's bytes come.
      const chunk = Buffer.alloc(40);
      for (const [index, { text, cuts }] of list.entries()) {
        const body = taking[index % bodies];
        body?.begin();
        for (const piece of piecesOf(text, cuts)) {
          chunk.fill('#');
          body?.write(chunk, 3, 3 + chunk.write(piece, 3));
        }
        if (body?.end() !== text) return false;
      }
      return true;
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

test('answers that take turns in coming are not mixed up', (t) => {
  const memory = createAnswerMemory({ read: (pieces) => Buffer.concat([...pieces]).toString() });
  const [one, other] = [memory.createBody(), memory.createBody()];
  const write = (body: typeof one, text: string): void => body.write(Buffer.from(text), 0, text.length);
  one.begin();
  write(one, 'first');
  t.is(one.end(), 'first');
  one.begin();
  write(one, 'fir');
  other.begin();
  write(other, 'second');
  t.is(other.end(), 'second');
  write(one, 'st');
  t.is(one.end(), 'first');
});

test('an equal answer is not read again, and one that could not be read is', (t) => {
  const read: string[] = [];
  const memory = createAnswerMemory({
    read(pieces) {
      const text = Buffer.concat([...pieces]).toString();
      read.push(text);
      if (text === 'bad') throw new Error('unreadable');
      return text.length;
    },
  });
  const body = memory.createBody();
  const take = (text: string): number => {
    body.begin();
    body.write(Buffer.from(text), 0, text.length);
    return body.end();
  };
  t.deepEqual([take('good'), take('good'), take('goods'), take('goods')], [4, 4, 5, 5]);
  t.throws(() => take('bad'));
  t.throws(() => take('bad'));
  t.is(take('goods'), 5);
  t.deepEqual(read, ['good', 'goods', 'bad', 'bad']);
});
