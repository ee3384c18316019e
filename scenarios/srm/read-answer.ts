/** Reads answers as they stream in, keeping only what decides the outcome. */

import type { LsAnswer, SoapFault } from './ls-answer.ts';
import { SRM_SUCCESS } from './wire.ts';
import { type ElementRule, UnreadableSoapError, createXmlReader, soapRule } from './xml-reader.ts';

/** Takes the chunks of one answer's body; both throw {@link UnreadableSoapError} for what is no such answer. */
export type AnswerReader<Answer> = {
  write(chunk: Uint8Array): void;
  /** The answer, once its last byte has been written. */
  end(): Answer;
};

export type PingAnswer = { kind: 'ping'; versionInfo: string; otherInfo: [key: string, value: string][] } | SoapFault;

/** One path of the answer that is still open, inside the path that lists it. */
type OpenPath = { ordinal: number; path: string; status: string; listedBy: OpenPath | null };

export function createLsAnswerReader(): AnswerReader<LsAnswer> {
  const fault = createFaultRule();
  let requestStatus: string | null = null;
  let explanation: string | null = null;
  let paths = 0;
  let entries = 0;
  let open: OpenPath | null = null;
  let firstBad: OpenPath | null = null;

  const subPaths = new Map<string, ElementRule>();
  const pathDetail: ElementRule = {
    open() {
      paths += 1;
      if (open !== null) entries += 1;
      open = { ordinal: paths, path: '', status: SRM_SUCCESS, listedBy: open };
    },
    close() {
      if (open === null) return;
      // A directory ends after its entries: the ordinals tell which of two bad paths came first.
      if (open.status !== SRM_SUCCESS && (firstBad === null || open.ordinal < firstBad.ordinal)) firstBad = open;
      open = open.listedBy;
    },
    children: new Map<string, ElementRule>([
      ['path', { close: (text) => open !== null && (open.path = text) }],
      [
        'status',
        { children: new Map([['statusCode', { close: (text) => open !== null && (open.status = readStatus(text)) }]]) },
      ],
      ['arrayOfSubPaths', { children: subPaths }],
    ]),
  };
  subPaths.set('pathDetailArray', pathDetail);
  const returnStatus: ElementRule = {
    children: new Map<string, ElementRule>([
      ['statusCode', { close: (text) => (requestStatus = readStatus(text)) }],
      ['explanation', { close: (text) => (explanation = text === '' ? null : text) }],
    ]),
  };
  const response: ElementRule = {
    children: new Map([
      ['returnStatus', returnStatus],
      ['details', { children: new Map([['pathDetailArray', pathDetail]]) }],
    ]),
  };

  return createAnswerReader('srmLsResponse', response, fault, () => {
    if (requestStatus === null) return null;
    const firstBadPath = firstBad === null ? null : { path: firstBad.path, status: firstBad.status };
    return { kind: 'ls', requestStatus, explanation, entries, firstBadPath };
  });
}

export function createPingAnswerReader(): AnswerReader<PingAnswer> {
  const fault = createFaultRule();
  let versionInfo: string | null = null;
  const otherInfo: [string, string][] = [];
  let key = '';
  let value = '';

  const extraInfo: ElementRule = {
    open() {
      key = value = '';
    },
    close: () => otherInfo.push([key, value]),
    children: new Map<string, ElementRule>([
      ['key', { close: (text) => (key = text) }],
      ['value', { close: (text) => (value = text) }],
    ]),
  };
  const response: ElementRule = {
    children: new Map<string, ElementRule>([
      ['versionInfo', { close: (text) => (versionInfo = text) }],
      ['otherInfo', { children: new Map([['extraInfoArray', extraInfo]]) }],
    ]),
  };

  return createAnswerReader('srmPingResponse', response, fault, () =>
    versionInfo === null ? null : { kind: 'ping', versionInfo, otherInfo },
  );
}

type FaultRule = { rule: ElementRule; read(): SoapFault | null };

/** rpc style names a response twice: the wrapper, and the part in it. */
function createAnswerReader<Answer>(
  name: string,
  response: ElementRule,
  fault: FaultRule,
  read: () => Answer | null,
): AnswerReader<Answer | SoapFault> {
  const wrapper: ElementRule = { children: new Map([[name, response]]) };
  const reader = createXmlReader(
    soapRule({
      children: new Map([
        [name, wrapper],
        ['Fault', fault.rule],
      ]),
    }),
  );
  return {
    write: (chunk) => reader.write(chunk),
    end() {
      reader.end();
      const answer = fault.read() ?? read();
      if (answer === null) throw new UnreadableSoapError(`neither an ${name} nor a fault`);
      return answer;
    },
  };
}

function createFaultRule(): FaultRule {
  let seen = false;
  let code = '';
  let text = '';
  const rule: ElementRule = {
    open() {
      seen = true;
    },
    children: new Map<string, ElementRule>([
      ['faultcode', { close: (content) => (code = content.trim()) }],
      ['faultstring', { close: (content) => (text = content.trim()) }],
    ]),
  };
  return { rule, read: () => (seen ? { kind: 'fault', code, text } : null) };
}

/** Outcomes are made of statuses and counted by them: one that is no SRM name makes the answer unreadable. */
function readStatus(text: string): string {
  if (text === SRM_SUCCESS) return text;
  const status = text.trim();
  if (!/^SRM_[A-Z_]{1,60}$/.test(status)) throw new UnreadableSoapError('a statusCode that is none of SRM');
  return status;
}
