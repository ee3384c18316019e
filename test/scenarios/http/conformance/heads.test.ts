/** Status lines, fields and interim answers, from the plain to the absurd. */

import {
  type AnswerCase,
  LAST,
  MALFORMED_HEAD,
  type Meaning,
  TEXT,
  UNUSUAL,
  UNUSUAL_LAST,
  testAnswers,
} from './answer-cases.ts';
import { end, untilRead } from './raw-answer.ts';

const LENGTH_AND_BODY = 'Content-Length: 4\r\n\r\ntext';
const OK = `HTTP/1.1 200 OK\r\n${LENGTH_AND_BODY}`;
const JUNK = `X-Junk: ${'x'.repeat(100)}\r\n`;

const line = (first: string): string => `${first}\r\n${LENGTH_AND_BODY}`;
const field = (text: string): string => `HTTP/1.1 200 OK\r\n${text}\r\n${LENGTH_AND_BODY}`;
const status = (code: number, isUnusual = false): Meaning => ({
  ...TEXT,
  outcome: `status/http-${code}`,
  statuses: [code],
  isUnusual,
});

const STATUS_LINES: AnswerCase[] = [
  ['a status of failure', [line('HTTP/1.1 503 Busy')], status(503)],
  ['a status that nobody has defined', [line('HTTP/1.1 599 Odd')], status(599)],
  ['600', [line('HTTP/1.1 600 Odd')], status(600, true)],
  ['999', [line('HTTP/1.1 999 Odd')], status(999, true)],
  ['000', [line('HTTP/1.1 000 Odd')], MALFORMED_HEAD],
  ['099', [line('HTTP/1.1 099 Odd')], MALFORMED_HEAD],
  ['1000', [line('HTTP/1.1 1000 Odd')], MALFORMED_HEAD],
  ['a status of two digits', [line('HTTP/1.1 20 Odd')], MALFORMED_HEAD],
  ['a status with a letter', [line('HTTP/1.1 20x Odd')], MALFORMED_HEAD],
  ['no reason', [line('HTTP/1.1 200 ')], TEXT],
  ['no reason, and no space', [line('HTTP/1.1 200')], TEXT],
  ['a reason beyond ASCII', [line('HTTP/1.1 200 \xd6K \xff')], TEXT],
  ['a reason with a tab', [line('HTTP/1.1 200 O\tK')], TEXT],
  ['a reason with NUL', [line('HTTP/1.1 200 O\0K')], UNUSUAL],
  ['a reason with a control character', [line('HTTP/1.1 200 O\x01K')], UNUSUAL],
  ['a reason with CR', [line('HTTP/1.1 200 O\rK')], MALFORMED_HEAD],
  ['a reason of 20 kB', [line(`HTTP/1.1 200 ${'x'.repeat(20_000)}`)], UNUSUAL],
  ['two spaces before the status', [line('HTTP/1.1  200 OK')], MALFORMED_HEAD],
  ['a tab before the status', [line('HTTP/1.1\t200 OK')], MALFORMED_HEAD],
  ['HTTP/1.0', [line('HTTP/1.0 200 OK')], LAST],
  ['HTTP/2.0', [line('HTTP/2.0 200 OK')], UNUSUAL_LAST],
  ['HTTP/1.2', [line('HTTP/1.2 200 OK')], MALFORMED_HEAD],
  ['HTTP/0.9', [line('HTTP/0.9 200 OK'), untilRead, end], UNUSUAL_LAST],
  ['http/1.1', [line('http/1.1 200 OK')], MALFORMED_HEAD],
  ['ICY', [line('ICY 200 OK')], MALFORMED_HEAD],
  ['another protocol', ['220 mail.example ESMTP\r\n'], MALFORMED_HEAD],
  ['an answer without a head', ['<html></html>'], MALFORMED_HEAD],
  ['a CRLF before the status line', [`\r\n${OK}`], UNUSUAL],
  ['line ends before the status line', [`\r\n\r\n\n${OK}`], UNUSUAL],
  ['a space before the status line', [` ${OK}`], MALFORMED_HEAD],
];

const FIELDS: AnswerCase[] = [
  ['names in odd case', ['HTTP/1.1 200 OK\r\ncOnTeNt-LENGTH: 4\r\nx-ODD: 1\r\n\r\ntext'], TEXT],
  ['every character of a name', [field("!#$%&'*+-.^_`|~09azAZ: 1")], TEXT],
  ['empty values', [field('X:\r\nY: \r\nZ:\t ')], TEXT],
  ['a value beyond ASCII', [field('X: \xe9\xff\x80')], TEXT],
  ['a value with colons and quotes', [field('X: "a:b", c:\td')], TEXT],
  ['a name beyond ASCII', [field('X\xe9: 1')], MALFORMED_HEAD],
  ['a name in quotes', [field('"x": 1')], MALFORMED_HEAD],
  ['a name with a space', [field('X Y: 1')], MALFORMED_HEAD],
  ['a name with NUL', [field('X\0: 1')], MALFORMED_HEAD],
  ['no name', [field(': 1')], MALFORMED_HEAD],
  ['no colon', [field('nothing')], MALFORMED_HEAD],
  ['a space before the colon', [field('X : 1')], MALFORMED_HEAD],
  ['a space before the colon of the length', ['HTTP/1.1 200 OK\r\nContent-Length : 4\r\n\r\ntext'], MALFORMED_HEAD],
  ['a value with NUL', [field('X: a\0b')], MALFORMED_HEAD],
  ['a value with DEL', [field('X: a\x7fb')], MALFORMED_HEAD],
  ['a value with a control character', [field('X: a\x01b')], MALFORMED_HEAD],
  ['a value with CR', [field('X: a\rb')], MALFORMED_HEAD],
  ['a value on two lines', [field('X: a\r\n b')], MALFORMED_HEAD],
  ['a length on two lines', ['HTTP/1.1 200 OK\r\nContent-Length:\r\n 4\r\n\r\ntext'], MALFORMED_HEAD],
  ['a first line of fields that goes on', [field(' X: 1')], MALFORMED_HEAD],
  ['lines that end with LF', ['HTTP/1.1 200 OK\nContent-Length: 4\n\ntext'], MALFORMED_HEAD],
  ['one line that ends with LF', [field('X: 1\nY: 2')], MALFORMED_HEAD],
  ['a head of 15 kB', [field(`X: ${'x'.repeat(15 * 1024)}`)], TEXT],
  ['a value of 16 kB', [field(`X: ${'x'.repeat(16 * 1024)}`)], MALFORMED_HEAD],
  ['a head of 17 kB', [field(JUNK.repeat(160) + JUNK.trimEnd())], MALFORMED_HEAD],
  [
    'a head of 20 kB in two pieces',
    [`HTTP/1.1 200 OK\r\n${JUNK.repeat(90)}`, untilRead, `${JUNK.repeat(100)}${LENGTH_AND_BODY}`],
    MALFORMED_HEAD,
  ],
  ['a head without end', [`HTTP/1.1 200 OK\r\n${JUNK.repeat(400)}`], MALFORMED_HEAD],
  ['2000 fields', [field('A:1\r\n'.repeat(1999) + 'A:1')], TEXT],
  ['6000 fields', [field('A:\r\n'.repeat(5999) + 'A:')], UNUSUAL],
];

const EARLY = 'HTTP/1.1 103 Early Hints\r\n';
const INTERIM: AnswerCase[] = [
  ['a hint', [`${EARLY}Link: </a>\r\n\r\n${OK}`], TEXT],
  ['a hint, and the answer later', [`${EARLY}Link: </a>\r\n\r\n`, untilRead, OK], TEXT],
  ['several hints', [`${EARLY}\r\nHTTP/1.1 102 Processing\r\n\r\n${EARLY}\r\n`, untilRead, OK], TEXT],
  ['a status of 199', [`HTTP/1.1 199 Odd\r\n\r\n${OK}`], TEXT],
  ['a hint with a length', [`${EARLY}Content-Length: 4\r\n\r\n${OK}`], TEXT],
  ['a hint in chunks', [`${EARLY}Transfer-Encoding: chunked\r\n\r\n${OK}`], TEXT],
  ['a hint of a short life', [`${EARLY}Keep-Alive: timeout=0\r\n\r\n${OK}`], UNUSUAL_LAST],
  ['a hint that ends the connection', [`${EARLY}Connection: close\r\n\r\n${OK}`], MALFORMED_HEAD],
  ['a hint of HTTP/1.0', [`HTTP/1.0 103 Early Hints\r\n\r\n${OK}`], MALFORMED_HEAD],
  ['a hint and no more', [`${EARLY}\r\n`, untilRead, end], { ...MALFORMED_HEAD, outcome: 'reset' }],
  ['100, for which nobody has asked', [`HTTP/1.1 100 Continue\r\n\r\n${OK}`], MALFORMED_HEAD],
  ['100, and no more', ['HTTP/1.1 100 Continue\r\n\r\n'], MALFORMED_HEAD],
  [
    'another protocol after an upgrade',
    ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
    MALFORMED_HEAD,
  ],
  ['101 without a word', [`HTTP/1.1 101 Switching Protocols\r\n\r\n${OK}`], MALFORMED_HEAD],
];

testAnswers([...STATUS_LINES, ...FIELDS, ...INTERIM]);
