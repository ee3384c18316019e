import test from 'ava';
import * as fc from 'fast-check';
import type { LsAnswer } from '../../../scenarios/srm/ls-answer.ts';
import { createLsAnswerReader, createPingAnswerReader } from '../../../scenarios/srm/read-answer.ts';
import { escapeXml } from '../../../scenarios/srm/wire.ts';
import { type LsReply, type PathDetail, summariseLsReply } from '../../../scenarios/srm/ls-reply.ts';
import { writeAbortAnswer } from '../../../scenarios/srm/write-abort-answer.ts';
import { writeFault, writeLsAnswer, writePingAnswer } from '../../../scenarios/srm/write-answer.ts';

import { randomReply } from './random-reply.ts';

const bare: PathDetail = {
  path: '/d',
  status: 'SRM_SUCCESS',
  explanation: null,
  type: null,
  bytes: null,
  modifiedAtMs: null,
  checksum: null,
  top: null,
  subPaths: null,
};

function read(xml: string): LsAnswer {
  const reader = createLsAnswerReader();
  reader.write(Buffer.from(xml));
  return reader.end();
}

test('fields stand in the order of the WSDL', (t) => {
  const xml = writeLsAnswer({
    requestStatus: 'SRM_SUCCESS',
    explanation: 'fine',
    paths: [
      {
        path: '/d',
        status: 'SRM_SUCCESS',
        explanation: 'read',
        type: 'FILE',
        bytes: 5,
        modifiedAtMs: Date.UTC(2026, 10, 20, 23, 52, 1, 683),
        checksum: { type: 'md5', value: 'ab' },
        top: {
          fileLocality: 'ONLINE',
          lifetimeLeftS: -1,
          owner: { id: 'o', mode: 'RWX' },
          group: { id: 'g', mode: 'RX' },
          otherMode: 'NONE',
        },
        subPaths: [{ ...bare, path: '/d/f' }],
      },
    ],
  });
  const expected =
    '<srmLsResponse><returnStatus><statusCode>SRM_SUCCESS</statusCode><explanation>fine</explanation></returnStatus>' +
    '<details><pathDetailArray><path>/d</path><status><statusCode>SRM_SUCCESS</statusCode><explanation>read</explanation></status>' +
    '<size>5</size><lastModificationTime>2026-11-20T23:52:01.683Z</lastModificationTime><fileLocality>ONLINE</fileLocality>' +
    '<type>FILE</type><lifetimeLeft>-1</lifetimeLeft><ownerPermission><userID>o</userID><mode>RWX</mode></ownerPermission>' +
    '<groupPermission><groupID>g</groupID><mode>RX</mode></groupPermission><otherPermission>NONE</otherPermission>' +
    '<checkSumType>md5</checkSumType><checkSumValue>ab</checkSumValue><arrayOfSubPaths><pathDetailArray><path>/d/f</path>' +
    '<status><statusCode>SRM_SUCCESS</statusCode></status></pathDetailArray></arrayOfSubPaths></pathDetailArray></details></srmLsResponse>';
  t.true(xml.includes(expected), xml);
});

test('a reader finds in any answer what its writer says is in it', (t) => {
  fc.assert(
    fc.property(randomReply, (written) => {
      t.deepEqual(read(writeLsAnswer(written)), summariseLsReply(written));
      t.deepEqual(read(writeLsAnswer(written, { form: 'multiref' })), summariseLsReply(written));
    }),
  );
});

test('an answer to a question after a queued request has no token, whatever its form', (t) => {
  const reply: LsReply = { requestStatus: 'SRM_REQUEST_QUEUED', explanation: null, requestToken: 'ls:1', paths: [] };
  for (const form of ['inline', 'multiref'] as const) {
    const xml = writeLsAnswer(reply, { form, operation: 'srmStatusOfLsRequest' });
    t.true(xml.includes('srmStatusOfLsRequestResponse'));
    t.deepEqual(read(xml), { ...summariseLsReply(reply), requestToken: null });
  }
});

test('text of any characters comes back, with U+FFFD for those that XML cannot hold', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (path) => {
      const answer = read(
        writeLsAnswer({
          requestStatus: 'SRM_FAILURE',
          explanation: null,
          paths: [{ ...bare, path, status: 'SRM_FAILURE' }],
        }),
      );
      const expected = path.replaceAll(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
      t.like(answer, { firstBadPath: { path: expected, status: 'SRM_FAILURE' } });
    }),
  );
});

test('markup, quotes and control characters in a name are no markup', (t) => {
  t.is(escapeXml(`a<b>&"c'\r\u0000\u001B\uD800`), `a&lt;b&gt;&amp;"c'&#13;\uFFFD\uFFFD\uFFFD`);
});

test('faults and ping answers are read as what they are', (t) => {
  t.deepEqual(read(writeFault('Client', 'a < b')), { kind: 'fault', code: 'soapenv:Client', text: 'a < b' });
  const reader = createPingAnswerReader();
  reader.write(Buffer.from(writePingAnswer('v2.2', [['a&b', '<c>']])));
  t.deepEqual(reader.end(), { kind: 'ping', versionInfo: 'v2.2', otherInfo: [['a&b', '<c>']] });
});

test('the answer to an abort holds a status', (t) => {
  const xml = writeAbortAnswer('SRM_INVALID_REQUEST', 'no such <token>');
  t.true(
    xml.includes(
      '<srmAbortRequestResponse><returnStatus><statusCode>SRM_INVALID_REQUEST</statusCode><explanation>no such &lt;token&gt;</explanation></returnStatus></srmAbortRequestResponse></ns1:srmAbortRequestResponse>',
    ),
    xml,
  );
});
