import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { type LsAnswer, decideLsOutcome } from '../../../scenarios/srm/ls-answer.ts';
import { type PingAnswer, createLsAnswerReader, createPingAnswerReader } from '../../../scenarios/srm/read-answer.ts';
import { UnreadableSoapError } from '../../../scenarios/srm/unreadable-soap-error.ts';
import { ACCEPTED_LS_ANSWER, PING_ANSWER } from './captured.ts';

function readChunks(chunks: Uint8Array[]): LsAnswer {
  const reader = createLsAnswerReader();
  for (const chunk of chunks) reader.write(chunk);
  return reader.end();
}
const read = (xml: string): LsAnswer => readChunks([Buffer.from(xml)]);
const soap = (body: string): string => `<e:Envelope xmlns:e="x"><e:Body>${body}</e:Body></e:Envelope>`;
const lsAnswer = (fields: string): string =>
  soap(`<n:srmLsResponse xmlns:n="y"><srmLsResponse>${fields}</srmLsResponse></n:srmLsResponse>`);
const success = '<returnStatus><statusCode>SRM_SUCCESS</statusCode></returnStatus>';
const detail = (path: string, status: string, inside = ''): string =>
  `<pathDetailArray><path>${path}</path><status><statusCode>${status}</statusCode></status>${inside}</pathDetailArray>`;

function readPing(xml: string): PingAnswer {
  const reader = createPingAnswerReader();
  reader.write(Buffer.from(xml));
  return reader.end();
}

const accepted = {
  kind: 'ls',
  requestStatus: 'SRM_SUCCESS',
  explanation: null,
  requestToken: null,
  paths: 1,
  entries: 1,
  longestListing: 1,
  firstBadPath: null,
} as const;

test('an answer that gfal accepts is read', (t) => {
  t.deepEqual(read(ACCEPTED_LS_ANSWER), accepted);
});

test('an answer is read alike however it is cut into chunks', (t) => {
  const bytes = Buffer.from(ACCEPTED_LS_ANSWER.replaceAll('dir10', 'Ω🌀&#x3A9;'));
  fc.assert(
    fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 30 }), (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      t.deepEqual(readChunks(edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))), accepted);
    }),
  );
  t.deepEqual(readChunks(Array.from(bytes, (byte) => Buffer.of(byte))), accepted);
});

test('an answer that ends anywhere too early is unreadable', (t) => {
  const bytes = Buffer.from(ACCEPTED_LS_ANSWER);
  for (let length = 0; length < bytes.length; length += 1) {
    t.throws(() => readChunks([bytes.subarray(0, length)]), { instanceOf: UnreadableSoapError });
  }
});

test('one bad status in the 999th of 1000 entries is found', (t) => {
  const entries = Array.from({ length: 1000 }, (_, index) =>
    detail(`/d/f${index + 1}`, index === 998 ? 'SRM_FILE_LOST' : 'SRM_SUCCESS'),
  );
  const answer = read(
    lsAnswer(
      `${success}<details>${detail('/d', 'SRM_SUCCESS', `<arrayOfSubPaths>${entries.join('')}</arrayOfSubPaths>`)}</details>`,
    ),
  );
  t.deepEqual(answer, {
    ...accepted,
    entries: 1000,
    longestListing: 1000,
    firstBadPath: { path: '/d/f999', status: 'SRM_FILE_LOST' },
  });
  t.is(decideLsOutcome(answer, { expectEntries: 1000 }), 'status/SRM_FILE_LOST');
});

test('entries are counted under all paths and at all depths, the paths asked for are not', (t) => {
  const deep = detail('/a/b', 'SRM_SUCCESS', `<arrayOfSubPaths>${detail('/a/b/c', 'SRM_SUCCESS')}</arrayOfSubPaths>`);
  const tops = [
    detail('/a', 'SRM_SUCCESS', `<arrayOfSubPaths>${deep}</arrayOfSubPaths>`),
    detail('/x', 'SRM_SUCCESS', `<arrayOfSubPaths>${detail('/x/y', 'SRM_SUCCESS')}</arrayOfSubPaths>`),
  ];
  t.like(read(lsAnswer(`${success}<details>${tops.join('')}</details>`)), { entries: 3 });
});

test('of two bad paths the one that begins first is told, even where its status comes last', (t) => {
  const inner = `<arrayOfSubPaths>${detail('/d/f', 'SRM_FILE_BUSY')}</arrayOfSubPaths>`;
  const outer = `<pathDetailArray>${inner}<status><statusCode>SRM_FAILURE</statusCode></status><path>/d</path></pathDetailArray>`;
  t.like(read(lsAnswer(`<details>${outer}</details>${success}`)), {
    firstBadPath: { path: '/d', status: 'SRM_FAILURE' },
  });
});

test('absent and nil statuses of a path are no bad statuses', (t) => {
  const paths =
    '<pathDetailArray><path>/a</path></pathDetailArray><pathDetailArray><path>/b</path><status nil="true"/></pathDetailArray>';
  t.like(read(lsAnswer(`${success}<details>${paths}</details>`)), { firstBadPath: null, entries: 0 });
});

test('the explanation of the request comes along, entities and CDATA resolved', (t) => {
  const status =
    '<statusCode> SRM_FAILURE\n</statusCode><explanation>&lt;no&gt; <![CDATA[<way>]]> &#233;</explanation>';
  t.like(read(lsAnswer(`<returnStatus>${status}</returnStatus>`)), {
    requestStatus: 'SRM_FAILURE',
    explanation: '<no> <way> é',
  });
});

test('a fault is read with its code and text', (t) => {
  const fault = soap(
    '<e:Fault><faultcode>e:Server</faultcode><faultstring>out of &amp; about</faultstring><detail><statusCode>1</statusCode></detail></e:Fault>',
  );
  const expected = { kind: 'fault', code: 'e:Server', text: 'out of & about' } as const;
  t.deepEqual(read(fault), expected);
  t.deepEqual(readPing(fault), expected);
});

test('a ping answer is read with its extra information', (t) => {
  t.deepEqual(readPing(PING_ANSWER), { kind: 'ping', versionInfo: 'v2.2', otherInfo: [['backend_type', 'BeStMan']] });
});

test('a ping answer without its version, or another answer, is unreadable', (t) => {
  t.throws(() => readPing(soap('<srmPingResponse><srmPingResponse/></srmPingResponse>')), {
    instanceOf: UnreadableSoapError,
  });
  t.throws(() => readPing(ACCEPTED_LS_ANSWER), { instanceOf: UnreadableSoapError });
});

function isUnreadable(t: ExecutionContext, xml: string): void {
  t.throws(() => read(xml), { instanceOf: UnreadableSoapError });
}
test('a web page is no answer', isUnreadable, '<html><body>It works!</body></html>');
test('plain text is no answer', isUnreadable, 'It works!');
test('an answer to another operation is unreadable', isUnreadable, PING_ANSWER);
test('an answer without a status is unreadable', isUnreadable, lsAnswer('<details/>'));
test(
  'a status that is none of SRM is unreadable',
  isUnreadable,
  lsAnswer(success.replace('SRM_SUCCESS', 'x'.repeat(1e5))),
);
test(
  'a path status that is none of SRM is unreadable',
  isUnreadable,
  lsAnswer(`${success}<details>${detail('/a', '')}</details>`),
);
test('a DOCTYPE makes an answer unreadable', isUnreadable, `<!DOCTYPE a>${ACCEPTED_LS_ANSWER}`);
test('an undefined entity makes an answer unreadable', isUnreadable, lsAnswer(`${success}<x>&y;</x>`));
test('crossed tags make an answer unreadable', isUnreadable, lsAnswer(`${success}<a><b></a></b>`));
test('a second document after the first makes an answer unreadable', isUnreadable, ACCEPTED_LS_ANSWER.repeat(2));
