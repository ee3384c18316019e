import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { HttpGetSchema, SrmLsSchema } from '../../coordinator/config/scenario-schema.ts';
import { freezeScenario, freezeSrmLs } from '../../coordinator/freeze-scenario.ts';
import { HttpGetSpecSchema, LARGEST_REQUEST_BODY_BYTES } from '../../scenarios/http-get-spec.ts';
import { checkScenario } from '../../scenarios/check-scenario.ts';
import { prepareScenario } from '../../scenarios/registry.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const get = (keys: object = {}) => HttpGetSchema.parse({ kind: 'http-get', ...keys });
const list = (keys: object = {}) => SrmLsSchema.parse({ kind: 'srm-ls', directories: { 20: '/d20' }, ...keys });

test('a listing is that of its size, with as many entries where their number is known and asked for', async (t) => {
  const { forSize, requestBody } = await freezeScenario(list(), {});
  t.deepEqual(forSize(20), { kind: 'srm-ls', directory: '/d20', detail: 'full', levels: 1, expectEntries: 20 });
  t.is(requestBody, null);
  for (const keys of [{ levels: 2 }, { levels: 0 }, { expectEntries: false }])
    t.is(freezeSrmLs(list(keys), 20)['expectEntries'], null);
});

test('an http-get is whole: headers by value, the body in base64, the same for every cell', async (t) => {
  const scenario = get({
    method: 'POST',
    headers: { Accept: '*/*', Authorization: { fromEnvironment: 'TOKEN' } },
    body: 'größer',
    expectStatus: 201,
    expectText: 'made',
  });
  const { forSize, requestBody } = await freezeScenario(scenario, { TOKEN: 'Bearer s3cret' });
  t.deepEqual(forSize(null), {
    kind: 'http-get',
    method: 'POST',
    headers: [
      ['accept', '*/*'],
      ['authorization', 'Bearer s3cret'],
    ],
    body: Buffer.from('größer').toString('base64'),
    expectStatus: [201],
    expectText: 'made',
  });
  t.is(requestBody, null);
  t.is(forSize(null), forSize(null));
  t.notThrows(() => HttpGetSpecSchema.parse(forSize(null)));
  t.notThrows(() => prepareScenario(checkScenario(forSize(null))));
});

test('what an http-get need not have is null', async (t) => {
  const plain = { kind: 'http-get', method: 'GET', headers: [], body: null, expectStatus: [200], expectText: null };
  t.deepEqual((await freezeScenario(get(), {})).forSize(null), plain);
  const empty = await freezeScenario(get({ body: '', expectStatus: [200, 204] }), {});
  t.deepEqual(empty.forSize(null), { ...plain, expectStatus: [200, 204] });
});

test('a file is sent byte for byte, and what it was is told', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const bytes = Buffer.from([0, 255, 13, 10, 128]);
  const file = join(folder, 'body');
  await writeFile(file, bytes);
  const { forSize, requestBody } = await freezeScenario(get({ method: 'PUT', body: { file } }), {});
  t.is(forSize(null)['body'], bytes.toString('base64'));
  t.deepEqual(requestBody, { bytes: 5, sha256: createHash('sha256').update(bytes).digest('hex') });
});

const isRefused = test.macro<[value: string | undefined, message: RegExp]>({
  async exec(t, value, message) {
    const scenario = get({ headers: { 'X-Key': { fromEnvironment: 'KEY' } } });
    const error = await t.throwsAsync(freezeScenario(scenario, { KEY: value }), { code: 'GT_SCENARIO_VARIABLE' });
    t.regex(error.message, message);
    t.regex(error.message, /header X-Key .* variable KEY/);
    if (value !== undefined && value !== '') t.false(error.message.includes(value.trim()));
  },
  title: (_, value) => `a variable that holds ${JSON.stringify(value) ?? 'nothing'} is told, but not what it holds`,
});
test(isRefused, undefined, /not set/);
test(isRefused, '', /empty/);
test(isRefused, 's3cret\n', /blanks/);
test(isRefused, 's3cret\r\nHost: x', /printable/);
test(isRefused, 'gehe1m größer', /printable/);

const freezeFile = (file: string) => freezeScenario(get({ method: 'PUT', body: { file } }), {});

test('a file that is missing or too large is told with its name', async (t) => {
  const folder = await makeTemporaryFolder(t);
  const missing = join(folder, 'missing');
  const error = await t.throwsAsync(freezeFile(missing), { code: 'GT_SCENARIO_BODY' });
  t.true(error.message.includes(missing));
  const file = join(folder, 'large');
  await writeFile(file, Buffer.alloc(LARGEST_REQUEST_BODY_BYTES));
  t.is((await freezeFile(file)).requestBody?.bytes, LARGEST_REQUEST_BODY_BYTES);
  await writeFile(file, Buffer.alloc(LARGEST_REQUEST_BODY_BYTES + 1));
  await t.throwsAsync(freezeFile(file), { code: 'GT_SCENARIO_BODY', message: /found 8388609/ });
});
