/** Hostile and broken messages: whatever comes, a reader gives a value or an UnreadableSoapError. Seeded: each run is the same. */

import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import type { LsAnswer } from '../../../scenarios/srm/ls-answer.ts';
import { createLsAnswerReader, createPingAnswerReader } from '../../../scenarios/srm/read-answer.ts';
import { readSrmRequest } from '../../../scenarios/srm/read-request.ts';
import { summariseLsReply } from '../../../scenarios/srm/ls-reply.ts';
import { writeFault, writeLsAnswer } from '../../../scenarios/srm/write-answer.ts';
import { UnreadableSoapError } from '../../../scenarios/srm/unreadable-soap-error.ts';
import { lsReply } from '../../support/ls-reply.ts';
import {
  ACCEPTED_LS_ANSWER,
  AXIS_LS_ANSWER,
  GFAL_LS_REQUEST,
  GFAL_STATUS_OF_LS_REQUEST,
  PING_ANSWER,
} from './captured.ts';
import { mutation, place } from './mutate-message.ts';
import { randomReply } from './random-reply.ts';

const SEED = 20261121;

type Read = (chunks: Uint8Array[]) => unknown;

const readLs = (chunks: Uint8Array[]): LsAnswer => readWith(createLsAnswerReader(), chunks);
const readPing: Read = (chunks) => readWith(createPingAnswerReader(), chunks);
const readRequest: Read = (chunks) => readSrmRequest(Buffer.concat(chunks));

function readWith<Answer>(reader: { write(chunk: Uint8Array): void; end(): Answer }, chunks: Uint8Array[]): Answer {
  for (const chunk of chunks) reader.write(chunk);
  return reader.end();
}

/** Real messages, each with the reader that it is for. */
const MESSAGES: [read: Read, xml: string][] = [
  [readLs, ACCEPTED_LS_ANSWER],
  [readLs, AXIS_LS_ANSWER],
  [readLs, writeLsAnswer(lsReply(1, { index: 0, status: 'SRM_FILE_LOST' }, '/d/ä🌀'), { form: 'multiref' })],
  [readLs, writeFault('Server', 'out of <order>')],
  [readPing, PING_ANSWER],
  [readRequest, GFAL_LS_REQUEST],
  [readRequest, GFAL_STATUS_OF_LS_REQUEST],
  [
    readRequest,
    '<e:Envelope xmlns:e="x"><e:Body><srmLs><srmLsRequest href="#id0"/></srmLs><multiRef id="id0"><arrayOfSURLs href="#id1"/></multiRef><multiRef id="id1"><urlArray>srm://a</urlArray></multiRef></e:Body></e:Envelope>',
  ],
];

/** What a reader makes of the bytes: a value, or `unreadable`; any other error is thrown on. */
function tryRead(read: Read, chunks: Uint8Array[]): unknown {
  try {
    return read(chunks);
  } catch (error) {
    if (error instanceof UnreadableSoapError) return 'unreadable';
    throw error;
  }
}

test('a message is read alike wherever it is cut in two, and is unreadable where it ends early', (t) => {
  for (const [read, xml] of MESSAGES) {
    const bytes = Buffer.from(xml.trimEnd());
    const whole = read([bytes]);
    for (let at = 0; at < bytes.length; at += 1) {
      t.deepEqual(read([bytes.subarray(0, at), bytes.subarray(at)]), whole);
      t.is(tryRead(read, [bytes.subarray(0, at)]), 'unreadable');
    }
  }
});

test('a message changed in any way is read or refused, and alike in however many pieces', (t) => {
  const seen = { read: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.constantFrom(...MESSAGES),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      place,
      ([read, xml], mutations, cut) => {
        const bytes = mutations.reduce<Buffer>((mutated, mutate) => mutate(mutated), Buffer.from(xml));
        const result = tryRead(read, [bytes]);
        const at = Math.floor(cut * bytes.length);
        t.deepEqual(tryRead(read, [bytes.subarray(0, at), bytes.subarray(at)]), result);
        if (result === 'unreadable') seen.refused += 1;
        else seen.read += 1;
      },
    ),
    { seed: SEED, numRuns: 15_000 },
  );
  t.log(`${seen.read} read, ${seen.refused} refused`);
  t.true(seen.read > 500 && seen.refused > 500);
});

test('an attribute, a name or a text of any size is read or refused', (t) => {
  for (const [read, xml] of MESSAGES) {
    for (const size of [1e3, 1e5, 3e6]) {
      for (const [start, end] of [
        [' a="', '"'],
        [' ', '=""'],
        ['><b>', '</b'],
        ['><!--', '--'],
        [' a="&#65;', '"'],
      ] as const) {
        const huge = Buffer.from(xml.replace(/(Body|Envelope)(?=[ >])/, `$&${start}${'x'.repeat(size)}${end}`));
        t.notThrows(() => tryRead(read, [huge]));
      }
    }
  }
});

test('both forms of any listing are read alike, and say what their writer says', (t) => {
  fc.assert(
    fc.property(randomReply, (reply) => {
      const forms = (['inline', 'multiref'] as const).map((form) =>
        readLs([Buffer.from(writeLsAnswer(reply, { form }))]),
      );
      t.deepEqual(forms, [summariseLsReply(reply), summariseLsReply(reply)]);
    }),
    { seed: SEED, numRuns: 2000 },
  );
});

/** Directories by number, each with the numbers of what it lists: any graph, ids that aren't there included. */
const randomGraph = fc
  .nat({ max: 7 })
  .chain((size) =>
    fc.array(fc.array(fc.nat({ max: size + 1 }), { maxLength: 3 }), { minLength: size + 1, maxLength: size + 1 }),
  );

/** As `randomGraph`, but nothing leads back: every directory lists later ones only. */
const randomTree = fc
  .nat({ max: 7 })
  .chain((size) =>
    fc.tuple(
      ...Array.from({ length: size + 1 }, (_, index) =>
        index === size ? fc.constant([]) : fc.array(fc.integer({ min: index + 1, max: size }), { maxLength: 3 }),
      ),
    ),
  );

/** Elements of a listing in which every href has been replaced by what it stands for; null: that can't be done. */
function writeOut(graph: readonly (readonly number[])[], node: number, above: readonly number[] = []): string | null {
  const entries = graph[node];
  if (entries === undefined || above.includes(node)) return null;
  const written = entries.map((entry) => writeOut(graph, entry, [...above, node]));
  if (written.includes(null)) return null;
  return `<pathDetailArray><path>${node}</path><status><statusCode>${statusOf(node)}</statusCode></status><arrayOfSubPaths>${written.join('')}</arrayOfSubPaths></pathDetailArray>`;
}

const countElements = (xml: string): number => xml.match(/<\w/g)?.length ?? 0;
const statusOf = (node: number): string => (node === 5 ? 'SRM_FILE_LOST' : 'SRM_SUCCESS');

const answerOf = (details: string, structures: string): Buffer =>
  Buffer.from(
    `<Envelope><Body>${structures}<srmLsResponse><srmLsResponse><details>${details}</details><returnStatus><statusCode>SRM_SUCCESS</statusCode></returnStatus></srmLsResponse></srmLsResponse></Body></Envelope>`,
  );

function readsGraph(t: ExecutionContext, graph: readonly (readonly number[])[]): 'read' | 'refused' {
  const structures = graph.map((entries, node) => {
    const hrefs = entries.map((entry) => `<pathDetailArray href="#${entry}"/>`).join('');
    const status = `<status><statusCode href="#${statusOf(node)}"/></status>`;
    return `<multiRef id="${node}"><path>${node}</path>${status}<arrayOfSubPaths>${hrefs}</arrayOfSubPaths></multiRef>`;
  });
  for (const status of ['SRM_FILE_LOST', 'SRM_SUCCESS'])
    structures.push(`<multiRef id="${status}">${status}</multiRef>`);
  const result = tryRead(readLs, [answerOf('<pathDetailArray href="#0"/>', structures.join(''))]);
  const written = writeOut(graph, 0);
  if (written === null) {
    t.is(result, 'unreadable');
  } else if (result !== 'unreadable') {
    t.deepEqual(result, readLs([answerOf(written, '')]));
  } else {
    // Few elements that stand for many: to read one takes 1.4 readings, hrefs included, and there are 10 for every one that is kept.
    t.true(countElements(written) > 6 * countElements(structures.join('')));
  }
  return result === 'unreadable' ? 'refused' : 'read';
}

test('hrefs of any graph are followed as if all were written out, or refused', (t) => {
  const seen = { read: 0, refused: 0 };
  fc.assert(
    fc.property(fc.oneof(randomGraph, randomTree), (graph) => {
      seen[readsGraph(t, graph)] += 1;
    }),
    { seed: SEED, numRuns: 5000 },
  );
  t.log(`${seen.read} read, ${seen.refused} refused`);
  t.true(seen.read > 500 && seen.refused > 500);
});
