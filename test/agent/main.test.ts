import { writeFile } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { Readable } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import { readJoin } from '../../agent/main.ts';
import { GlideTesterError } from '../../foundation/error.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const SECRET = 'secret'.repeat(8);
const JOIN = {
  url: 'wss://127.0.0.1:1',
  campaign: 'c',
  pilot: 'p',
  site: 's',
  slots: 4,
  threads: 1,
  sourceAddresses: [],
  secret: SECRET,
  certificate: 'PEM',
  idleLimitMs: 1000,
};

test('a join is read from a stream or from a file', async (t) => {
  const content = JSON.stringify(JOIN);
  t.deepEqual(await readJoin(Readable.from([content.slice(0, 40), content.slice(40)])), JOIN);
  const file = joinPath(await makeTemporaryFolder(t), 'join.json');
  await writeFile(file, content);
  t.deepEqual(await readJoin(file), JOIN);
});

const refuses = test.macro({
  title: (what = '') => `what is ${what} is no join, and its secret is not repeated`,
  async exec(t: ExecutionContext, content: string, expected: RegExp) {
    const error = await t.throwsAsync(readJoin(Readable.from([content])), { instanceOf: GlideTesterError });
    t.is(error?.code, 'GT_JOIN_INVALID');
    t.regex(error?.message ?? '', expected);
    t.false(`${error?.message} ${error?.hint} ${error?.stack}`.includes(SECRET));
  },
});

test('cut short', refuses, JSON.stringify(JOIN).slice(0, -3), /the whole/);
test('empty', refuses, '', /the whole/);
test('without slots', refuses, JSON.stringify({ ...JOIN, slots: undefined }), /slots/);
test('given a word too many', refuses, JSON.stringify({ ...JOIN, [SECRET]: 1 }), /wrong or missing/);
test('given slots that are no number', refuses, JSON.stringify({ ...JOIN, slots: SECRET }), /slots/);

test('a file that is not there is named', async (t) => {
  await t.throwsAsync(readJoin('/nowhere/join.json'), { message: /\/nowhere\/join\.json/ });
});
