/** Reads what a client asks for. The operation is the first element of the SOAP body, whatever SOAPAction says. */

import { type ElementRule, holding } from './rule-cursor.ts';
import { UnreadableSoapError } from './unreadable-soap-error.ts';
import { createXmlReader, soapRule } from './xml-reader.ts';

export type SrmRequest =
  | {
      kind: 'ls';
      surls: string[];
      detail: 'full' | 'brief';
      /** 0: the paths themselves; Infinity: the whole tree. */
      levels: number;
      /** Paging as asked for, which may be negative; null: not asked for. */
      offset: number | null;
      count: number | null;
    }
  | {
      kind: 'status-of-ls';
      requestToken: string;
      /** As those of the listing; null: as it was asked for. */
      offset: number | null;
      count: number | null;
    }
  | { kind: 'abort'; requestToken: string }
  | { kind: 'ping' }
  | { kind: 'unknown'; operation: string };

/** SRM v2.2: a list that doesn't say how deep goes one level down. */
const DEFAULT_LEVELS = 1;

type Found = { operation: string | null; surls: string[]; parameters: Map<string, string> };

const operationRule: ElementRule<Found> = {
  open(found, localName) {
    found.operation ??= localName;
  },
};

const lsParameters: ElementRule<Found> = holding({
  arrayOfSURLs: holding({ urlArray: { close: ({ surls }, text) => surls.push(text.trim()) } }),
  fullDetailedList: keepParameter('fullDetailedList'),
  allLevelRecursive: keepParameter('allLevelRecursive'),
  numOfLevels: keepParameter('numOfLevels'),
  offset: keepParameter('offset'),
  count: keepParameter('count'),
});

const statusOfLsParameters: ElementRule<Found> = holding({
  requestToken: keepParameter('requestToken'),
  offset: keepParameter('offset'),
  count: keepParameter('count'),
});

const requestRule = soapRule<Found>({
  ...holding({
    srmLs: { ...operationRule, ...holding({ srmLsRequest: lsParameters }) },
    srmStatusOfLsRequest: { ...operationRule, ...holding({ srmStatusOfLsRequestRequest: statusOfLsParameters }) },
    srmAbortRequest: {
      ...operationRule,
      ...holding({ srmAbortRequestRequest: holding({ requestToken: keepParameter('requestToken') }) }),
    },
  }),
  otherChild: operationRule,
});

function keepParameter(name: string): ElementRule<Found> {
  return { close: ({ parameters }, text) => parameters.set(name, text.trim()) };
}

/** @throws UnreadableSoapError when the body is no SOAP request or a parameter has a value that its type forbids */
export function readSrmRequest(body: Uint8Array): SrmRequest {
  const found: Found = { operation: null, surls: [], parameters: new Map() };
  const reader = createXmlReader(requestRule, found);
  reader.write(body);
  reader.end();

  const { operation, surls, parameters } = found;
  switch (operation) {
    case null:
      throw new UnreadableSoapError('no operation in a SOAP body');
    case 'srmPing':
      return { kind: 'ping' };
    case 'srmLs':
      return { kind: 'ls', surls, ...readDepth(parameters), ...readPage(parameters) };
    case 'srmStatusOfLsRequest':
      return { kind: 'status-of-ls', requestToken: readToken(parameters), ...readPage(parameters) };
    case 'srmAbortRequest':
      return { kind: 'abort', requestToken: readToken(parameters) };
    default:
      return { kind: 'unknown', operation };
  }
}

type Parameters = ReadonlyMap<string, string>;

function readDepth(parameters: Parameters): { detail: 'full' | 'brief'; levels: number } {
  const levels = readWhole(parameters, 'numOfLevels') ?? DEFAULT_LEVELS;
  return {
    detail: readBoolean(parameters, 'fullDetailedList') ? 'full' : 'brief',
    levels: readBoolean(parameters, 'allLevelRecursive') ? Infinity : levels,
  };
}

function readPage(parameters: Parameters): { offset: number | null; count: number | null } {
  return { offset: readInteger(parameters, 'offset'), count: readInteger(parameters, 'count') };
}

function readToken(parameters: Parameters): string {
  const token = parameters.get('requestToken') ?? '';
  if (token === '') throw new UnreadableSoapError('requestToken is missing');
  return token;
}

/** Absent, empty and xsi:nil all read as false. */
function readBoolean(parameters: Parameters, name: string): boolean {
  const text = parameters.get(name) ?? '';
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0' || text === '') return false;
  throw new UnreadableSoapError(`${name} must be true or false`);
}

function readWhole(parameters: Parameters, name: string): number | null {
  const whole = readInteger(parameters, name);
  if (whole !== null && whole < 0) throw new UnreadableSoapError(`${name} must be a whole number from 0`);
  return whole;
}

/** Absent, empty and xsi:nil all read as null. */
function readInteger(parameters: Parameters, name: string): number | null {
  const text = parameters.get(name) ?? '';
  if (text === '') return null;
  if (!/^-?\d{1,10}$/.test(text)) throw new UnreadableSoapError(`${name} must be a whole number`);
  return Number(text);
}
