import test from 'ava';
import { writeLsAnswer } from '../../../scenarios/srm/write-answer.ts';
import { lsReply } from '../../support/ls-reply.ts';
import { AXIS_LS_ANSWER } from './captured.ts';

/** All start tags of an answer, namespaces shortened. */
const startTags = (xml: string): string[] =>
  Array.from(xml.replaceAll(/http:[^"]*/g, '…').matchAll(/<[a-z][^>]*>/gi), ([tag]) => tag);

const answer = writeLsAnswer(
  {
    requestStatus: 'SRM_SUCCESS',
    explanation: null,
    paths: [
      {
        path: '/data/dir10',
        status: 'SRM_SUCCESS',
        explanation: 'Read <from> disk..',
        type: 'DIRECTORY',
        bytes: null,
        modifiedAtMs: Date.UTC(2026, 10, 20, 23, 52, 1, 683),
        checksum: null,
        top: null,
        subPaths: [],
      },
    ],
  },
  { form: 'multiref' },
);

test('the head and the structures are those of Axis', (t) => {
  const axis = startTags(AXIS_LS_ANSWER);
  t.deepEqual(startTags(answer).slice(0, 12), axis.slice(0, 12));
  t.true(answer.includes('<path xsi:type="xsd:string">/data/dir10</path><status href="#id5"/>'));
});

test('all fields of a path are there, in the order of the WSDL, nil where they say nothing', (t) => {
  const names = Array.from(
    /<path .*(?=<\/multiRef><multiRef id="id5")/.exec(answer)?.[0].matchAll(/<(\w+) /g) ?? [],
    ([, name]) => name,
  );
  t.deepEqual(names, [
    'path',
    'status',
    'size',
    'createdAtTime',
    'lastModificationTime',
    'fileStorageType',
    'retentionPolicyInfo',
    'fileLocality',
    'arrayOfSpaceTokens',
    'type',
    'lifetimeAssigned',
    'lifetimeLeft',
    'ownerPermission',
    'groupPermission',
    'otherPermission',
    'checkSumType',
    'checkSumValue',
    'arrayOfSubPaths',
  ]);
  t.true(answer.includes('<size xsi:type="xsd:unsignedLong" xsi:nil="true"/>'));
  t.true(answer.includes('<fileLocality xsi:type="ns6:TFileLocality" xsi:nil="true"/>'));
  t.true(answer.includes('<explanation xsi:type="xsd:string">Read &lt;from&gt; disk..</explanation>'));
});

test('equal constants are one structure, equal statuses are not', (t) => {
  const xml = writeLsAnswer(lsReply(100), { form: 'multiref' });
  t.is(xml.match(/>SRM_SUCCESS</g)?.length, 1);
  t.is(xml.match(/>FILE</g)?.length, 1);
  t.is(xml.match(/:TReturnStatus" xmlns/g)?.length, 102);
});

const bytesOf = (entries: number): number => writeLsAnswer(lsReply(entries), { form: 'multiref' }).length;

test('an entry takes about as many bytes as with BeStMan', (t) => {
  const bytesPerEntry = (bytesOf(2000) - bytesOf(1000)) / 1000;
  t.true(bytesPerEntry > 1500 && bytesPerEntry < 1800, `${bytesPerEntry}`);
});
