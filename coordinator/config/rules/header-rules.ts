/** Rules about request headers, wherever the config has some. No value is ever shown: it may be a secret all the same. */

import { holdsCredential, isHeaderName, isHeaderValue, isOwnHeader } from '../header-fields.ts';
import type { HeadersConfig } from '../header-schema.ts';
import { type Finding, describeValue } from '../problem.ts';
import { findRepeated } from './rule.ts';

/** @param key where the headers stand */
export function checkHeaders(headers: HeadersConfig, key: string): Finding[] {
  const repeated = findRepeated(Object.keys(headers).map((name) => name.toLowerCase()));
  return [
    ...Object.entries(headers).flatMap(([name, value]) => checkHeader(name, value, `${key}.${name}`)),
    ...repeated.map((name) => ({
      path: key,
      expected: 'each header once, in whatever case',
      came: `${name} more than once`,
      fix: 'write it once; several values go into one, separated by commas',
    })),
  ];
}

function checkHeader(name: string, value: HeadersConfig[string], path: string): Finding[] {
  if (!isHeaderName(name)) {
    const expected = "a name of letters, digits and !#$%&'*+-.^_`|~, as HTTP has it";
    return [{ path, expected, came: describeValue(name), fix: 'correct the name' }];
  }
  if (isOwnHeader(name)) {
    const fix =
      'remove it: what belongs to connection, length and host is set with each request, and User-Agent says who answers for the load';
    return [{ path, expected: 'a header that is yours to set', came: describeValue(name), fix }];
  }
  if (typeof value !== 'string') return [];
  if (holdsCredential(name)) {
    const fix = `write { fromEnvironment: '<variable>' } and set that variable: the config is kept in the results`;
    return [{ path, expected: 'no secret in the config', came: 'a value that is written there', fix }];
  }
  if (isHeaderValue(value)) return [];
  const expected = 'printable ASCII without blanks at its ends';
  return [{ path, expected, came: 'another value', fix: 'correct the value; other characters must be encoded' }];
}
