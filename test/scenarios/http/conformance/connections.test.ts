/** What becomes of a connection after an answer: it is used again, or it is left. */

import { type AnswerCase, LAST, type Meaning, TEXT, UNUSUAL, UNUSUAL_LAST, testAnswers } from './answer-cases.ts';
import { end, reset, untilRead } from './raw-answer.ts';

const BODY = 'Content-Length: 4\r\n\r\ntext';
const OK = `HTTP/1.1 200 OK\r\n${BODY}`;
const OTHER = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother';
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n4\r\ntext\r\n0\r\n\r\n';

const withField = (field: string): string => `HTTP/1.1 200 OK\r\n${field}\r\n${BODY}`;
const withField10 = (field: string): string => `HTTP/1.0 200 OK\r\n${field}\r\n${BODY}`;

const CONNECTION_FIELDS: AnswerCase[] = [
  ['Connection: close', [withField('Connection: close')], LAST],
  ['Connection: close, and the end', [withField('Connection: close'), end], LAST],
  ['Connection: close, in chunks', [`HTTP/1.1 200 OK\r\nConnection: close\r\n${CHUNKED}`], LAST],
  ['Connection: close, in odd case', [withField('CONNECTION:  CloSe ')], LAST],
  ['Connection: keep-alive, of HTTP/1.0, before a space', [withField10('Connection: keep-alive ')], TEXT],
  ['Connection: keep-alive, of HTTP/1.0, before no space', [withField10('Connection: keep-alive\xa0')], UNUSUAL_LAST],
  ['Connection: close, after a tab', [withField('Connection:\tclose')], LAST],
  ['Connection: keep-alive', [withField('Connection: keep-alive')], TEXT],
  ['Connection: keep-alive, of HTTP/1.0', [withField10('Connection: keep-alive')], TEXT],
  ['Connection: keep-alive, of HTTP/1.0, in odd case', [withField10('CONNECTION: Keep-ALIVE')], TEXT],
  ['HTTP/1.0, of no length', ['HTTP/1.0 200 OK\r\n\r\ntext', untilRead, end], LAST],
  ['HTTP/1.0, in chunks', [`HTTP/1.0 200 OK\r\n${CHUNKED}`], UNUSUAL_LAST],
  ['HTTP/1.0, in chunks, kept', [`HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n${CHUNKED}`], UNUSUAL],
  ['a list with close', [withField('Connection: x-odd, close')], UNUSUAL_LAST],
  ['a list with keep-alive', [withField('Connection: keep-alive, x-odd')], UNUSUAL],
  ['keep-alive and close', [withField('Connection: keep-alive, close')], UNUSUAL_LAST],
  ['keep-alive and close in two fields', [withField('Connection: keep-alive\r\nConnection: close')], UNUSUAL_LAST],
  ['Connection: odd', [withField('Connection: odd')], UNUSUAL],
  ['Connection: nothing', [withField('Connection:')], UNUSUAL],
  ['an offer to upgrade', [withField('Connection: upgrade\r\nUpgrade: h2c')], UNUSUAL],
  ['an offer to upgrade, without saying so', [withField('Upgrade: h2c')], UNUSUAL],
  ['Proxy-Connection: close', [withField('Proxy-Connection: close')], UNUSUAL_LAST],
];

const KEEP_ALIVE: AnswerCase[] = [
  ['a timeout that is long', [withField('Keep-Alive: timeout=100, max=5')], TEXT],
  ['a timeout past any timer', [withField('Keep-Alive: timeout=99999999999')], TEXT],
  ['a timeout of nothing', [withField('Keep-Alive: timeout=0')], LAST],
  ['a timeout of nothing, in odd case', [withField('KEEP-alive: max=3, TIMEOUT=0')], LAST],
  ['a timeout of less than a second', [withField('Keep-Alive: timeout=0.5')], LAST],
  ['two fields with timeouts', [withField('Keep-Alive: max=5\r\nKeep-Alive: timeout=0')], UNUSUAL_LAST],
  ['a timeout without a number', [withField('Keep-Alive: timeout=x')], TEXT],
  ['a timeout in quotes', [withField('Keep-Alive: timeout="0"')], TEXT],
  ['a timeout with spaces', [withField('Keep-Alive: timeout = 0')], TEXT],
  ['a timeout of something else', [withField('Keep-Alive: xtimeout=0')], TEXT],
];

const EMPTY_204: Meaning = { ...LAST, outcome: 'status/http-204', statuses: [204], body: '' };
const LEFTOVERS: AnswerCase[] = [
  ['a second answer', [`${OK}${OTHER}`], LAST],
  ['a second answer, later', [OK, untilRead, OTHER, untilRead], LAST],
  ['a second answer after chunks', [`HTTP/1.1 200 OK\r\n${CHUNKED}${OTHER}`], LAST],
  ['a second answer after a last one', [`${withField('Connection: close')}${OTHER}`], LAST],
  ['a second answer after one without body', [`HTTP/1.1 204 No Content\r\n\r\n${OTHER}`], EMPTY_204],
  ['garbage', [`${OK}garbage`], LAST],
  ['garbage, later', [OK, untilRead, 'garbage', untilRead], LAST],
  ['garbage and the end', [`${OK}garbage`, untilRead, end], LAST],
  ['the first byte of an answer', [`${OK}H`], LAST],
  ['the first byte of an answer, later', [OK, untilRead, 'H', untilRead], LAST],
  ['an empty line', [`${OK}\r\n`], TEXT],
  ['an empty line, later', [OK, untilRead, '\r\n', untilRead], TEXT],
];

const ENDS: AnswerCase[] = [
  ['an end with the answer', [OK, end], LAST],
  ['an end after the answer', [OK, untilRead, end], LAST],
  ['a reset after the answer', [OK, untilRead, reset], LAST],
  ['an end instead of an answer', [end], { ...LAST, outcome: 'reset', statuses: [], body: '' }],
  ['a reset instead of an answer', [reset], { ...LAST, outcome: 'reset', statuses: [], body: '' }],
];

testAnswers([...CONNECTION_FIELDS, ...KEEP_ALIVE]);
testAnswers(LEFTOVERS.map(([what, ...rest]) => [`after an answer ${what}`, ...rest]));
testAnswers(ENDS);
