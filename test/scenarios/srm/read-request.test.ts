import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { type SrmRequest, readSrmRequest } from '../../../scenarios/srm/read-request.ts';
import { writeLsRequest, writePingRequest } from '../../../scenarios/srm/write-request.ts';
import { UnreadableSoapError } from '../../../scenarios/srm/unreadable-soap-error.ts';
import { GFAL_LS_REQUEST, GFAL_STATUS_OF_LS_REQUEST } from './captured.ts';

const read = (xml: string): SrmRequest => readSrmRequest(Buffer.from(xml));
const soap = (body: string): string => `<e:Envelope xmlns:e="x"><e:Body>${body}</e:Body></e:Envelope>`;
const ls = (parameters: string): string =>
  soap(`<s:srmLs xmlns:s="y"><srmLsRequest>${parameters}</srmLsRequest></s:srmLs>`);

test("gfal's request is read", (t) => {
  t.deepEqual(read(GFAL_LS_REQUEST), {
    kind: 'ls',
    surls: ['srm://localhost/data/dir10'],
    detail: 'full',
    levels: 0,
    offset: null,
    count: null,
  });
});

test("gfal's question after a queued request is read", (t) => {
  t.deepEqual(read(GFAL_STATUS_OF_LS_REQUEST), {
    kind: 'status-of-ls',
    requestToken: 'ls:1',
    offset: null,
    count: null,
  });
});

test('a question after a queued request may ask for a page', (t) => {
  const parameters = '<requestToken>a</requestToken><offset>3</offset><count>7</count>';
  const xml = soap(
    `<srmStatusOfLsRequest><srmStatusOfLsRequestRequest>${parameters}</srmStatusOfLsRequestRequest></srmStatusOfLsRequest>`,
  );
  t.deepEqual(read(xml), { kind: 'status-of-ls', requestToken: 'a', offset: 3, count: 7 });
});

const abort = (parameters: string): string =>
  soap(`<srmAbortRequest><srmAbortRequestRequest>${parameters}</srmAbortRequestRequest></srmAbortRequest>`);

test('a request to give up another is read', (t) => {
  t.deepEqual(read(abort('<requestToken>a&amp;b</requestToken>')), { kind: 'abort', requestToken: 'a&b' });
});

test('a request may be told in parts that hrefs stand for, as Axis clients do', (t) => {
  const xml = soap(
    '<s:srmLs xmlns:s="y"><srmLsRequest href="#id0"/></s:srmLs>' +
      '<multiRef id="id1"><urlArray>srm://a/b</urlArray></multiRef>' +
      '<multiRef id="id0"><arrayOfSURLs href="#id1"/><numOfLevels href="#id2"/><count xsi:nil="true">7</count></multiRef>' +
      '<multiRef id="id2">4</multiRef>',
  );
  t.deepEqual(read(xml), {
    kind: 'ls',
    surls: ['srm://a/b'],
    detail: 'brief',
    levels: 4,
    offset: null,
    count: null,
  });
});

test('what hrefs stand for is no operation, even where it comes first', (t) => {
  t.deepEqual(read(soap('<multiRef id="id0"/><s:srmPing xmlns:s="y"/>')), { kind: 'ping' });
});

test('a request without options lists briefly and one level down', (t) => {
  t.like(read(ls('<arrayOfSURLs><urlArray>srm://a/b</urlArray></arrayOfSURLs>')), { detail: 'brief', levels: 1 });
});

test('nil options are as if they were absent', (t) => {
  const nil = ls('<fullDetailedList nil="true"/><numOfLevels nil="true"/><offset nil="true"/><count nil="true"/>');
  t.like(read(nil), { detail: 'brief', levels: 1, offset: null, count: null, surls: [] });
});

test('a recursive request goes to the end of the tree, whatever its number of levels', (t) => {
  t.like(read(ls('<numOfLevels>2</numOfLevels><allLevelRecursive>1</allLevelRecursive>')), { levels: Infinity });
});

test('parameters may come in any order and with any prefix', (t) => {
  const xml = soap(
    '<srmLs><p:srmLsRequest xmlns:p="z"><p:count>7</p:count><p:offset>3</p:offset><p:numOfLevels>4</p:numOfLevels>' +
      '<p:arrayOfSURLs><p:urlArray>srm://a/<![CDATA[<b>]]>&amp;&#x41;</p:urlArray></p:arrayOfSURLs></p:srmLsRequest></srmLs>',
  );
  t.deepEqual(read(xml), { kind: 'ls', surls: ['srm://a/<b>&A'], detail: 'brief', levels: 4, offset: 3, count: 7 });
});

test('the operation is the first element of the body, known or not', (t) => {
  t.deepEqual(read(writePingRequest()), { kind: 'ping' });
  t.deepEqual(read(soap('<s:srmMkdir xmlns:s="y"/><s:srmPing xmlns:s="y"/>')), {
    kind: 'unknown',
    operation: 'srmMkdir',
  });
});

function refuses(t: ExecutionContext, xml: string, message: RegExp): void {
  const error = t.throws(() => read(xml), { instanceOf: UnreadableSoapError });
  t.regex(error.message, message);
}
test('a question without its token is refused', refuses, abort(''), /requestToken/);
test('an empty body is refused', refuses, '', /root element/);
test('what is no XML is refused', refuses, 'GET / HTTP/1.1', /text data outside|root/);
test('a truncated request is refused', refuses, GFAL_LS_REQUEST.slice(0, 500), /unclosed|unexpected end/);
test('a SOAP body without an operation is refused', refuses, soap(''), /no operation/);
test('another document is refused', refuses, '<html><Body><srmPing/></Body></html>', /no operation/);
test('a DOCTYPE is refused', refuses, `<!DOCTYPE e:Envelope [<!ENTITY a "b">]>${soap('<srmPing/>')}`, /DOCTYPE/);
test('an entity that XML does not define is refused', refuses, ls('<count>&a;</count>'), /entity/i);
test('a level that is no number is refused', refuses, ls('<numOfLevels>all</numOfLevels>'), /numOfLevels/);
test('a negative level is refused', refuses, ls('<numOfLevels>-1</numOfLevels>'), /numOfLevels/);
test(
  'a detail that is no boolean is refused',
  refuses,
  ls('<fullDetailedList>yes</fullDetailedList>'),
  /fullDetailedList/,
);

test('what was written is what is read, for any SURLs that XML can hold', (t) => {
  const surl = fc
    .string({ unit: 'binary', minLength: 1 })
    // XML has no way to write these, and anyURI loses blanks at its ends.
    .filter((text) => !/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text) && text.trim() === text)
    .map((text) => `srm://h/${text}`);
  const request = fc.record({
    surls: fc.array(surl, { minLength: 1, maxLength: 5 }),
    detail: fc.constantFrom('full' as const, 'brief' as const),
    levels: fc.nat(),
  });
  fc.assert(
    fc.property(request, (written) => {
      t.deepEqual(read(writeLsRequest(written)), { kind: 'ls', ...written, offset: null, count: null });
    }),
  );
});
