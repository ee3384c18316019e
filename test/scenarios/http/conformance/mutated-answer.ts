/** Random answers: good ones, a few of whose bytes or lines were changed, in random pieces. */

import * as fc from 'fast-check';

const PLACES = 10_000;
const HEAD = 'HTTP/1.1 200 OK\r\n';

const GOOD = [
  `${HEAD}Content-Length: 4\r\n\r\ntext`,
  `${HEAD}Date: now\r\nContent-Type: text/xml\r\nKeep-Alive: timeout=5, max=100\r\nConnection: Keep-Alive\r\nContent-Length: 12\r\n\r\n<some>xml</>`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\ntext\r\nA\r\n0123456789\r\n0\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3;a=b\r\nxyz\r\n0\r\nX-Sum: 1\r\n\r\n`,
  `${HEAD}Connection: close\r\n\r\nuntil the end`,
  `HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\ntext`,
  `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${HEAD}Content-Length: 4\r\n\r\ntext`,
  'HTTP/1.1 204 No Content\r\nServer: odd\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n',
  'HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n',
] as const;

/** What parsers look at; a single random byte would seldom be one of these. */
const TOKENS = [
  ['\r\n', '\r', '\n', ' ', '\t', ':', ';', ',', '0', '1', '-', '+', '\0', '\x7f', '\x80', 'H', 'f', '=', '"'],
  ['\r\n\r\n', '0\r\n\r\n', '4\r\n', 'a=b', ';a=b', 'close', ', close', 'chunked', 'keep-alive', 'timeout=0'],
].flat();
const LINES = [
  [
    'X: y',
    'X:',
    'X: \xe9',
    'x-odd:\ta b ',
    'X: 1\r\n 2',
    'X : y',
    'Upgrade: x',
    'Proxy-Connection: close',
    'HTTP/1.1 200 OK',
  ],
  ['Content-Length: 3', 'content-length: 4', 'Content-Length: 0', 'Content-Length: 4000', 'Transfer-Encoding: chunked'],
  ['transfer-encoding: identity', 'Transfer-Encoding: gzip, chunked', 'Connection: close', 'CONNECTION: Keep-Alive'],
  ['Connection: x, close', 'Connection: upgrade', 'Keep-Alive: timeout=0', 'keep-alive: timeout=9', 'HTTP/1.0 100 '],
  [
    'HTTP/1.1 103 Early\r\n',
    'HTTP/1.1 100 Continue\r\n',
    'HTTP/1.1 204 None\r\n',
    '',
    '0',
    '3\r\nabc',
    '00\r\n',
    '3;a=b\r\nabc',
  ],
].flat();

type Mutation = (bytes: string) => string;

/** A place, as a share of whatever there is. */
const place = fc.noBias(fc.nat(PLACES - 1)).map((nth) => nth / PLACES);
const token = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...TOKENS) }, fc.nat(255).map(toByte));

/** At the beginning or end of a name, a value, a line: where something more may do no harm. */
const insertion = fc.record({ where: place, what: token }).map(({ where, what }): Mutation => (bytes) => {
  const joints = Array.from(bytes.matchAll(/(?<=[:;\s])(?=\S)|(?<=\S)(?=[:;\s])|$/g), ({ index }) => index);
  return splice(bytes, joints[Math.floor(where * joints.length)] ?? 0, { removed: 0, inserted: what });
});
const foreignLine = fc
  .record({ where: place, what: fc.constantFrom(...LINES) })
  .map(({ where, what }): Mutation => (bytes) => {
    const starts = Array.from(bytes.matchAll(/(?<=\r\n)|^|$/g), ({ index }) => index);
    return splice(bytes, starts[Math.floor(where * starts.length)] ?? 0, { removed: 0, inserted: `${what}\r\n` });
  });
const deletion = fc.record({ where: place, length: fc.integer({ min: 1, max: 4 }) }).map(
  ({ where, length }): Mutation =>
    (bytes) =>
      splice(bytes, Math.floor(where * bytes.length), { removed: length, inserted: '' }),
);
const replacement = fc.record({ where: place, what: token }).map(
  ({ where, what }): Mutation =>
    (bytes) =>
      splice(bytes, Math.floor(where * bytes.length), { removed: 1, inserted: what }),
);
const bitFlip = fc.record({ where: place, bit: fc.nat(7) }).map(({ where, bit }): Mutation => (bytes) => {
  const at = Math.floor(where * bytes.length);
  return at >= bytes.length
    ? bytes
    : splice(bytes, at, { removed: 1, inserted: toByte(bytes.charCodeAt(at) ^ (1 << bit)) });
});
const truncation = place.map(
  (where): Mutation =>
    (bytes) =>
      bytes.slice(0, Math.floor(where * bytes.length)),
);
/** A line comes once more, behind some other. */
const repeatedLine = fc.record({ from: place, to: place }).map(({ from, to }): Mutation => (bytes) => {
  const lines = bytes.split('\r\n');
  const line = lines[Math.floor(from * lines.length)] ?? '';
  return lines.toSpliced(Math.floor(to * lines.length), 0, line).join('\r\n');
});
const mutation = fc.oneof(
  { weight: 5, arbitrary: foreignLine },
  { weight: 4, arbitrary: insertion },
  { weight: 1, arbitrary: deletion },
  { weight: 1, arbitrary: replacement },
  { weight: 1, arbitrary: bitFlip },
  { weight: 1, arbitrary: truncation },
  { weight: 2, arbitrary: repeatedLine },
);

/** The pieces of an answer, in Latin-1, none of them empty. */
export const mutatedAnswer: fc.Arbitrary<string[]> = fc
  .record({
    good: fc.constantFrom(...GOOD),
    mutations: fc.array(mutation, { minLength: 0, maxLength: 3 }),
    cuts: fc.array(place, { maxLength: 3 }),
  })
  .map(({ good, mutations, cuts }) =>
    cut(
      mutations.reduce((bytes, mutate) => mutate(bytes), good as string),
      cuts,
    ),
  );

function cut(bytes: string, cuts: readonly number[]): string[] {
  const at = [0, ...cuts.map((where) => Math.floor(where * bytes.length)).toSorted((a, b) => a - b), bytes.length];
  return at
    .slice(1)
    .map((end, index) => bytes.slice(at[index], end))
    .filter((piece) => piece !== '');
}

function splice(bytes: string, at: number, { removed, inserted }: { removed: number; inserted: string }): string {
  return bytes.slice(0, at) + inserted + bytes.slice(at + removed);
}

function toByte(code: number): string {
  return String.fromCharCode(code);
}
