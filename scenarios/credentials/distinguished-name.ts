/** Writes a certificate's subject as Globus does, `/DC=org/DC=example/CN=Somebody`, so that no two subjects look alike. */

import { readCertificate } from './certificate.ts';
import { type EncodedName, type NameAttribute } from './encoded-name.ts';

/** What OpenSSL calls the attributes; others are written as dotted numbers. */
const ATTRIBUTE_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'street'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.13', 'description'],
  ['2.5.4.15', 'businessCategory'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.20', 'telephoneNumber'],
  ['2.5.4.41', 'name'],
  ['2.5.4.42', 'GN'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'],
  ['2.5.4.46', 'dnQualifier'],
  ['2.5.4.65', 'pseudonym'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
  ['1.2.840.113549.1.9.2', 'unstructuredName'],
]);

/** Tags of the strings whose bytes are written as they are: UTF8, numeric, printable, teletex, IA5, visible. */
const BYTE_STRINGS = new Set([0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a]);
/** Tags of the strings with a fixed number of bytes a character: universal, BMP. */
const WIDE_STRINGS: ReadonlyMap<number, number> = new Map([
  [0x1c, 4],
  [0x1e, 2],
]);

const LAST_CODE_POINT = 0x10_ffff;

/**
 * The subject of a certificate in slash form, e.g. `/DC=org/DC=example/OU=People/CN=Load Tester`.
 *
 * @throws RangeError when the bytes are no certificate
 */
export function slashName(certificateDer: Uint8Array): string {
  return writeSlashName(readCertificate(certificateDer).subject);
}

/**
 * A name in slash form: `/type=value` for each step in the order of the encoding, the attributes of one step joined by `+`.
 *
 * Bytes outside of printable ASCII are written `\xC3`, as by OpenSSL and thus Globus. A slash stays a slash (`/CN=host/a.org`
 * stands so in every grid-mapfile), unless what follows would read as the next attribute: the CN `x/CN=Admin` becomes
 * `/CN=x\x2FCN=Admin`; so does a plus. Backslashes and double quotes are always written so, as grid-mapfiles put names in quotes.
 * Hence two names with the same text hold the same types and characters.
 */
export function writeSlashName(name: EncodedName): string {
  return name.steps.map(({ attributes }) => `/${attributes.map(writeAttribute).join('+')}`).join('');
}

function writeAttribute({ type, value }: NameAttribute): string {
  return `${ATTRIBUTE_NAMES.get(type) ?? type}=${writeValue(value)}`;
}

/** What is no string is written as the hexadecimal digits of its encoding behind a #, hence a string never begins with one. */
function writeValue(value: NameAttribute['value']): string {
  const text = readText(value);
  if (text === null) return `#${Buffer.from(value.bytes).toString('hex')}`;
  return text.replaceAll(/[^ !\u0023-\u005B\u005D-\u007E]|^#|[/+](?=[\w.-]+=)/g, escapeCharacter);
}

/** One character a byte; null: no string. */
function readText({ tag, content }: NameAttribute['value']): string | null {
  if (BYTE_STRINGS.has(tag)) return Buffer.from(content).toString('latin1');
  const width = WIDE_STRINGS.get(tag);
  if (width === undefined || content.length % width !== 0) return null;
  const view = Buffer.from(content);
  const points = Array.from({ length: view.length / width }, (_, index) => view.readUIntBE(index * width, width));
  if (points.some((point) => point > LAST_CODE_POINT)) return null;
  const text = points.map((point) => String.fromCodePoint(point)).join('');
  return text.isWellFormed() ? Buffer.from(text, 'utf8').toString('latin1') : null;
}

function escapeCharacter(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
