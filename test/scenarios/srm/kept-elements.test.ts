import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import type { LsAnswer } from '../../../scenarios/srm/ls-answer.ts';
import { createLsAnswerReader } from '../../../scenarios/srm/read-answer.ts';
import { XML_LIMITS } from '../../../scenarios/srm/xml-limits.ts';
import { UnreadableSoapError } from '../../../scenarios/srm/unreadable-soap-error.ts';
import { ACCEPTED_LS_ANSWER, AXIS_LS_ANSWER } from './captured.ts';

function read(xml: string): LsAnswer {
  const reader = createLsAnswerReader();
  reader.write(Buffer.from(xml));
  return reader.end();
}
const soap = (body: string): string => `<e:Envelope xmlns:e="x"><e:Body>${body}</e:Body></e:Envelope>`;
const response = (fields: string): string => `<srmLsResponse><srmLsResponse>${fields}</srmLsResponse></srmLsResponse>`;
const success = '<returnStatus><statusCode>SRM_SUCCESS</statusCode></returnStatus>';
/** A listing of what the hrefs stand for, and the structures that they may stand for. */
const listing = (hrefs: string, structures: string): string =>
  soap(`${response(`${success}<details>${hrefs}</details>`)}${structures}`);
const hrefTo = (id: string): string => `<pathDetailArray href="#${id}"/>`;
const structure = (id: string, fields: string): string => `<multiRef id="${id}">${fields}</multiRef>`;
const failed = (id: string): string =>
  structure(id, `<status><statusCode>SRM_FAILURE</statusCode></status><path>/${id}</path>`);
const directory = (id: string, hrefs: string): string =>
  structure(id, `<path>/${id}</path><arrayOfSubPaths>${hrefs}</arrayOfSubPaths>`);

test('an answer in the form of Axis is read like the inline answer with the same listing', (t) => {
  t.deepEqual(read(AXIS_LS_ANSWER), read(ACCEPTED_LS_ANSWER));
});

test('structures may come in any order, before the response as after it, with any prefix', (t) => {
  const [, head, inside, tail] = /^(.*:Body>)(.*)(<\/soapenv:Body.*)$/.exec(AXIS_LS_ANSWER) ?? [];
  const parts = inside?.match(/<ns1:srmLsResponse .*<\/ns1:srmLsResponse>|<multiRef .*?<\/multiRef>/g) ?? [];
  t.is(parts.length, 12);
  const expected = read(ACCEPTED_LS_ANSWER);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(parts, { minLength: parts.length }),
      fc.constantFrom('', 'p:'),
      (shuffled, prefix) => {
        const body = shuffled.join('').replaceAll(/(<\/?)(multiRef|details|path|status)(?=[ >])/g, `$1${prefix}$2`);
        t.deepEqual(read(`${head}${body}${tail}`), expected);
      },
    ),
  );
});

test('an element may be given in full where it comes first and by an href from there on, as gSOAP does', (t) => {
  const first =
    '<pathDetailArray><path>/a</path><status id="_1"><statusCode>SRM_FILE_LOST</statusCode></status></pathDetailArray>';
  const second = '<pathDetailArray><path>/b</path><status href="#_1"/></pathDetailArray>';
  const expected = { paths: 2, firstBadPath: { path: '/a', status: 'SRM_FILE_LOST' } };
  t.like(read(listing(first + second, '')), expected);
  t.like(read(listing(second + first, '')), { ...expected, firstBadPath: { ...expected.firstBadPath, path: '/b' } });
});

test('of two bad paths the one that the answer lists first is told, wherever their structures stand', (t) => {
  t.like(read(listing(hrefTo('b') + hrefTo('a'), failed('a') + failed('b'))), { firstBadPath: { path: '/b' } });
});

test('an href may lead to an href', (t) => {
  const xml = listing(hrefTo('a'), `<multiRef id="a" href="#b"/>${directory('b', hrefTo('c'))}${structure('c', '')}`);
  t.like(read(xml), { paths: 1, entries: 1 });
});

test('what is nil is as good as absent: by itself, behind an href, and in an answer without any', (t) => {
  const nil = '<pathDetailArray xsi:nil="true"/>';
  t.like(read(listing(nil, '')), { paths: 0 });
  t.like(
    read(listing(`<pathDetailArray p:nil="1"><path>/a</path></pathDetailArray>${hrefTo('a')}`, structure('a', ''))),
    { paths: 1 },
  );
  t.like(read(listing(hrefTo('a'), '<multiRef id="a" xsi:nil="true"/>')), { paths: 0 });
  t.like(read(listing('<pathDetailArray xsi:nil="false"/>', '')), { paths: 1 });
  const status = '<status><statusCode xsi:nil="true"/></status>';
  t.like(read(listing(`<pathDetailArray>${status}</pathDetailArray>`, '')), { paths: 1, firstBadPath: null });
});

test('an href to what nobody reads may lead nowhere', (t) => {
  t.like(read(listing(hrefTo('a'), structure('a', '<path>/a</path><size href="#b"/><type href="cid:x"/>'))), {
    paths: 1,
  });
});

test('a fault is read among structures, too', (t) => {
  const fault = '<e:Fault><faultcode>e:Server</faultcode><faultstring href="#a"/></e:Fault>';
  t.deepEqual(read(soap(`${structure('a', 'no')}${fault}`)), { kind: 'fault', code: 'e:Server', text: 'no' });
});

test('a million hrefs to one structure are a million entries', (t) => {
  const answer = read(
    listing(hrefTo('d'), directory('d', hrefTo('f').repeat(1e6)) + structure('f', '<path>/f</path>')),
  );
  t.like(answer, { paths: 1, entries: 1e6, longestListing: 1e6 });
});

function isRefused(t: ExecutionContext, xml: string, message: RegExp): void {
  const error = t.throws(() => read(xml), { instanceOf: UnreadableSoapError });
  t.regex(error.message, message);
}
test('an id that is not there is refused', isRefused, listing(hrefTo('b'), structure('a', '')), /nothing .*'#b'/);
test(
  'an href out of the message is refused',
  isRefused,
  listing('<pathDetailArray href="http://h/#a"/>', structure('a', '')),
  /nothing/,
);
test('an empty href is refused', isRefused, listing('<pathDetailArray href=""/>', ''), /nothing/);
test('a long href is refused in few words', isRefused, listing(hrefTo('b'.repeat(9999)), ''), /^.{1,100}$/);
test('an id given twice is refused', isRefused, listing(hrefTo('a'), structure('a', '').repeat(2)), /two elements/);
test('an href to itself is refused', isRefused, listing(hrefTo('a'), '<multiRef id="a" href="#a"/>'), /circle/);
test(
  'hrefs in a circle are refused',
  isRefused,
  listing(hrefTo('a'), '<multiRef id="a" href="#b"/><multiRef id="b" href="#a"/>'),
  /circle/,
);
test('a directory in itself is refused', isRefused, listing(hrefTo('a'), directory('a', hrefTo('a'))), /circle/);
test(
  'a directory in its own entry is refused',
  isRefused,
  listing(hrefTo('a'), directory('a', hrefTo('b')) + directory('b', hrefTo('a'))),
  /circle/,
);
test(
  'an href to what holds it is refused',
  isRefused,
  listing(`<pathDetailArray id="a"><arrayOfSubPaths>${hrefTo('a')}</arrayOfSubPaths></pathDetailArray>`, ''),
  /circle/,
);
test(
  'few structures that stand for billions are refused',
  isRefused,
  listing(
    hrefTo('0'),
    Array.from({ length: 10 }, (_, level) => directory(`${level}`, hrefTo(`${level + 1}`).repeat(10))).join('') +
      structure('10', ''),
  ),
  /too many/,
);
test(
  'many hrefs to a structure that is large are refused',
  isRefused,
  listing(hrefTo('d').repeat(1e4), directory('d', '<pathDetailArray/>'.repeat(1e4))),
  /too many/,
);
test(
  'structures too deep inside one another are refused',
  isRefused,
  listing(
    hrefTo('0'),
    Array.from({ length: 1e4 }, (_, level) => directory(`${level}`, hrefTo(`${level + 1}`))).join(''),
  ),
  /too deep/,
);
test(
  'a chain of hrefs without an end is refused',
  isRefused,
  listing(
    hrefTo('0'),
    Array.from({ length: 1e4 }, (_, link) => `<multiRef id="${link}" href="#${link + 1}"/>`).join(''),
  ),
  /too deep/,
);
test(
  'more structures than may be kept are refused',
  isRefused,
  listing(hrefTo('a'), '<a/>'.repeat(XML_LIMITS.keptElements)),
  /too many elements/,
);
