/** The head of an answer, as far as it says how the answer goes on (RFC 9112): only what is plain is read here. */

/** Ends where the connection is `close`d, after `length` bytes, with the last chunk of `chunked`, or at once (`none`). */
export type Framing = 'none' | 'length' | 'chunked' | 'close';

export type AnswerHead = {
  status: number;
  framing: Framing;
  /** Bytes of the body with `length`, else 0. */
  bodyBytes: number;
  /** Whether the connection may be used again. */
  keepsConnection: boolean;
  /** How long the server says that it keeps an idle connection (`Keep-Alive: timeout`); Infinity: it doesn't say. */
  keepsForMs: number;
};

const STATUS_LINE = /^HTTP\/1\.(?<minor>[01]) (?<status>[1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** A field name is a token; its value has no control characters. */
const FIELD = /^(?<name>[\w!#$%&'*+.^`|~-]+):[ \t]*(?<value>(?:[\x21-\x7e\x80-\xff][\t\x20-\x7e\x80-\xff]*)?)$/;
const STATUS_LINE_SO_FAR =
  /^H(?:T(?:T(?:P(?:\/(?:1(?:\.(?:[01](?: (?:[1-5](?:\d(?:\d(?: [\t\x20-\x7e\x80-\xff]*)?\r?)?)?)?)?)?)?)?)?)?)?)?$/;
const FIELD_SO_FAR = /^(?:[\w!#$%&'*+.^`|~-]+(?::[\t\x20-\x7e\x80-\xff]*\r?)?|\r)?$/;
/** Not what JavaScript trims, which is more. */
const BLANKS_AT_END = /[\t ]+$/;
const NO_LENGTH_SO_FAR = /^content-length:[ \t]*(?![ \t]|\d{0,15} *\r?$)/i;
const LENGTH_OR_CHUNKS_SO_FAR = /^(?:content-length|transfer-encoding):/i;
/** As many digits as a whole number keeps exactly. */
const WHOLE = /^\d{1,15}$/;
const KEEP_ALIVE_TIMEOUT = /(?:^|,)[\t ]*timeout=(?<seconds>\d+)/i;

/** Fields that say how the bytes go on. */
const FRAMING_FIELDS = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

type Fields = { length: number | null; isChunked: boolean; connection: string; keepsForMs: number | null };

/**
 * @param text the head in Latin-1, from the status line to the empty line, both included
 * @param isHead whether the request was a HEAD, whose answer has no body whatever it says
 * @returns null when anything about it is unusual: a full parser must decide
 */
export function parseAnswerHead(text: string, isHead: boolean): AnswerHead | null {
  const [first, ...lines] = text.slice(0, -4).split('\r\n');
  const found = STATUS_LINE.exec(first as string)?.groups;
  const fields = readFields(lines);
  if (found === undefined || fields === null) return null;
  const { length, isChunked, connection } = fields;
  const keepsForMs = fields.keepsForMs ?? Number.POSITIVE_INFINITY;
  const status = Number(found['status']);
  // 100 answers what nobody asked, 101 leaves HTTP; a length beside chunks, or chunks in HTTP/1.0, is how requests are smuggled.
  if (status === 100 || status === 101) return null;
  if (isChunked && (length !== null || found['minor'] === '0')) return null;
  const hasNone = isHead || status < 200 || status === 204 || status === 304;
  const isLast = found['minor'] === '1' ? connection === 'close' : connection !== 'keep-alive';
  // An interim answer that speaks of the connection speaks of more than itself.
  if (status < 200 && (isLast || fields.keepsForMs !== null)) return null;
  const framing = hasNone ? 'none' : isChunked ? 'chunked' : length === null ? 'close' : 'length';
  const keepsConnection = !isLast && framing !== 'close' && !isBodyLeftOut(fields, status, isHead);
  return { status, framing, bodyBytes: framing === 'length' ? (length as number) : 0, keepsConnection, keepsForMs };
}

/** Whether a body that nobody awaits may follow: the head of an answer without one tells of one, or does not to a HEAD. */
function isBodyLeftOut({ length, isChunked, connection }: Fields, status: number, isHead: boolean): boolean {
  if (isHead) return length === null && !isChunked && connection !== 'keep-alive' && status !== 204 && status !== 304;
  return (status === 204 || status === 304) && (isChunked || (length ?? 0) > 0);
}

/** Whether these lines, each with its CRLF, are trailers that change nothing. */
export function arePlainTrailers(text: string): boolean {
  return text.split('\r\n').slice(0, -1).every(isPlainTrailer);
}

function isPlainTrailer(line: string): boolean {
  const name = FIELD.exec(line)?.groups?.['name'];
  return name !== undefined && !isOfFraming(name.toLowerCase());
}

/** Whether the field of this name (in lower case) says how the bytes go on: where no head is, it must not. */
export function isOfFraming(name: string): boolean {
  return FRAMING_FIELDS.has(name);
}

/** Whether these lines, the last of which has not come whole, may be the beginning of fields. */
export function mayBecomeFields(text: string): boolean {
  const lines = text.split('\r\n');
  const last = lines.pop() as string;
  return FIELD_SO_FAR.test(last) && lines.every((line) => FIELD.test(line));
}

/** Whether this may be the beginning of a head: if not, what follows does not matter. */
export function mayBecomeHead(text: string): boolean {
  const lines = text.split('\r\n');
  const last = lines.pop() as string;
  const [first] = lines.splice(0, 1);
  if (first === undefined) return STATUS_LINE_SO_FAR.test(last);
  const fields = readFields(lines);
  if (fields === null || !STATUS_LINE.test(first) || !FIELD_SO_FAR.test(last)) return false;
  if (fields.length === null && !fields.isChunked) return !NO_LENGTH_SO_FAR.test(last);
  return (fields.length === null || !fields.isChunked) && !LENGTH_OR_CHUNKS_SO_FAR.test(last);
}

function readFields(lines: readonly string[]): Fields | null {
  const fields: Fields = { length: null, isChunked: false, connection: '', keepsForMs: null };
  for (const line of lines) {
    const found = FIELD.exec(line)?.groups;
    if (found === undefined || !takeField(fields, (found['name'] as string).toLowerCase(), found['value'] as string))
      return null;
  }
  return fields;
}

/** Returns false for what is unusual. */
function takeField(fields: Fields, name: string, untrimmed: string): boolean {
  const value = untrimmed.replace(BLANKS_AT_END, '');
  // Parsers differ in what they make of a tab after a value.
  if (value.length !== untrimmed.length && FRAMING_FIELDS.has(name) && untrimmed.includes('\t')) return false;
  switch (name) {
    case 'content-length':
      if (fields.length !== null || !WHOLE.test(value)) return false;
      fields.length = Number(value);
      return true;
    case 'transfer-encoding':
      if (fields.isChunked || value.toLowerCase() !== 'chunked') return false;
      fields.isChunked = true;
      return true;
    case 'connection':
      if (fields.connection !== '') return false;
      fields.connection = value.toLowerCase();
      return fields.connection === 'close' || fields.connection === 'keep-alive';
    case 'keep-alive': {
      const seconds = KEEP_ALIVE_TIMEOUT.exec(value)?.groups?.['seconds'];
      if (fields.keepsForMs !== null) return false;
      fields.keepsForMs = seconds === undefined ? Infinity : Number(seconds) * 1000;
      return true;
    }
    case 'proxy-connection':
    case 'upgrade':
      return false;
    default:
      return true;
  }
}

/** What undici takes for one more interim answer, and stumbles over later: no status at all, and the end of HTTP. */
export function isNoStatus(status: number): boolean {
  return status < 100 || status === 101;
}
