/** Reads answers as they stream in, keeping only what decides the outcome. */

import type { LsAnswer, SoapFault } from './ls-answer.ts';
import { SRM_SUCCESS } from './wire.ts';
import { type ElementRule, holding, namesWithRules } from './rule-cursor.ts';
import { UnreadableSoapError } from './unreadable-soap-error.ts';
import { createXmlReader, soapRule } from './xml-reader.ts';

/** Takes the chunks of one answer's body; both throw {@link UnreadableSoapError} for what is no such answer. */
export type AnswerReader<Answer> = {
  write(chunk: Uint8Array): void;
  /** The answer, once its last byte has been written. */
  end(): Answer;
};

export type PingAnswer = { kind: 'ping'; versionInfo: string; otherInfo: [key: string, value: string][] } | SoapFault;

/** One path of the answer that is still open, inside the path that lists it. */
type OpenPath = { ordinal: number; path: string; status: string; listed: number; listedBy: OpenPath | null };

type FoundFault = { fault: SoapFault | null };

type FoundLs = FoundFault & {
  requestStatus: string | null;
  explanation: string | null;
  requestToken: string | null;
  /** At the top. */
  paths: number;
  /** Below the top, at any depth. */
  entries: number;
  longestListing: number;
  open: OpenPath | null;
  firstBad: OpenPath | null;
};

type FoundPing = FoundFault & { versionInfo: string | null; otherInfo: [key: string, value: string][] };

/** Reads answers to srmLs and to srmStatusOfLsRequest alike: they differ in the name of their wrapper only. */
export function createLsAnswerReader(): AnswerReader<LsAnswer> {
  const found: FoundLs = {
    fault: null,
    requestStatus: null,
    explanation: null,
    requestToken: null,
    paths: 0,
    entries: 0,
    longestListing: 0,
    open: null,
    firstBad: null,
  };
  return createAnswerReader(LS_ANSWER, found, () => {
    const { requestStatus, explanation, requestToken, paths, entries, longestListing, firstBad } = found;
    if (requestStatus === null) return null;
    const firstBadPath = firstBad === null ? null : { path: firstBad.path, status: firstBad.status };
    return { kind: 'ls', requestStatus, explanation, requestToken, paths, entries, longestListing, firstBadPath };
  });
}

/** A whole answer, in pieces; null: it can't be read, which is the service's failure. What else is thrown is a bug of ours. */
export function readLsAnswer(pieces: readonly Uint8Array[]): LsAnswer | null {
  const reader = createLsAnswerReader();
  try {
    for (const piece of pieces) reader.write(piece);
    return reader.end();
  } catch (thrown) {
    if (thrown instanceof UnreadableSoapError) return null;
    throw thrown;
  }
}

export function createPingAnswerReader(): AnswerReader<PingAnswer> {
  const found: FoundPing = { fault: null, versionInfo: null, otherInfo: [] };
  return createAnswerReader(PING_ANSWER, found, () => {
    const { versionInfo, otherInfo } = found;
    return versionInfo === null ? null : { kind: 'ping', versionInfo, otherInfo };
  });
}

function createAnswerReader<Found extends FoundFault, Answer>(
  document: ElementRule<Found>,
  found: Found,
  read: () => Answer | null,
): AnswerReader<Answer | SoapFault> {
  const reader = createXmlReader(document, found);
  return {
    write: (chunk) => reader.write(chunk),
    end() {
      reader.end();
      const answer = found.fault ?? read();
      if (answer === null) throw new UnreadableSoapError('neither the answer that was expected nor a fault');
      return answer;
    },
  };
}

const pathStatus: ElementRule<FoundLs> = {
  close({ open }, text) {
    if (open !== null) open.status = readStatus(text);
  },
};

const pathName: ElementRule<FoundLs> = {
  close({ open }, text) {
    if (open !== null) open.path = text;
  },
};

const listedPaths = new Map<string, ElementRule<FoundLs>>();

const pathDetail: ElementRule<FoundLs> = {
  open(found) {
    const listedBy = found.open;
    if (listedBy === null) found.paths += 1;
    else countEntry(found, listedBy);
    found.open = { ordinal: found.paths + found.entries, path: '', status: SRM_SUCCESS, listed: 0, listedBy };
  },
  close(found) {
    const { open, firstBad } = found;
    if (open === null) return;
    // A directory ends after its entries: the ordinals tell which of two bad paths came first.
    if (open.status !== SRM_SUCCESS && (firstBad === null || open.ordinal < firstBad.ordinal)) found.firstBad = open;
    found.open = open.listedBy;
  },
  ...holding<FoundLs>({
    path: pathName,
    status: holding({ statusCode: pathStatus }),
    arrayOfSubPaths: { children: listedPaths },
  }),
};
listedPaths.set('pathDetailArray', pathDetail);

function countEntry(found: FoundLs, listedBy: OpenPath): void {
  found.entries += 1;
  if (listedBy.listedBy !== null) return;
  listedBy.listed += 1;
  found.longestListing = Math.max(found.longestListing, listedBy.listed);
}

const requestStatus: ElementRule<FoundLs> = holding({
  statusCode: {
    close(found, text) {
      found.requestStatus = readStatus(text);
    },
  },
  explanation: {
    close(found, text) {
      found.explanation = text === '' ? null : text;
    },
  },
});

const LS_ANSWER = answerRule<FoundLs>(
  ['srmLsResponse', 'srmStatusOfLsRequestResponse'],
  holding({
    returnStatus: requestStatus,
    requestToken: {
      close(found, text) {
        found.requestToken = text === '' ? null : text;
      },
    },
    details: { children: listedPaths },
  }),
);

/** Local names of all elements that have a say in what an srmLs answer means, wherever they stand. */
export const LS_ANSWER_NAMES: ReadonlySet<string> = namesWithRules(LS_ANSWER);

const extraInfo: ElementRule<FoundPing> = {
  open: ({ otherInfo }) => otherInfo.push(['', '']),
  ...holding<FoundPing>({ key: keepExtraInfo(0), value: keepExtraInfo(1) }),
};

const PING_ANSWER = answerRule<FoundPing>(
  ['srmPingResponse'],
  holding({
    versionInfo: {
      close(found, text) {
        found.versionInfo = text;
      },
    },
    otherInfo: holding({ extraInfoArray: extraInfo }),
  }),
);

function keepExtraInfo(part: 0 | 1): ElementRule<FoundPing> {
  return {
    close({ otherInfo }, text) {
      const last = otherInfo.at(-1);
      if (last !== undefined) last[part] = text;
    },
  };
}

/** The document of an answer. rpc style names a response twice: the wrapper, and the part in it. */
function answerRule<Found extends FoundFault>(names: string[], response: ElementRule<Found>): ElementRule<Found> {
  const fault: ElementRule<Found> = {
    open(found) {
      found.fault = { kind: 'fault', code: '', text: '' };
    },
    ...holding<Found>({ faultcode: keepFaultPart('code'), faultstring: keepFaultPart('text') }),
  };
  const wrappers = names.map((name) => [name, holding({ [name]: response })]);
  return soapRule(holding({ ...Object.fromEntries(wrappers), Fault: fault }));
}

function keepFaultPart(part: 'code' | 'text'): ElementRule<FoundFault> {
  return {
    close({ fault }, text) {
      if (fault !== null) fault[part] = text.trim();
    },
  };
}

/** Outcomes are made of statuses and counted by them: one that is no SRM name makes the answer unreadable. */
function readStatus(text: string): string {
  if (text === SRM_SUCCESS) return text;
  const status = text.trim();
  if (!/^SRM_[A-Z_]{1,60}$/.test(status)) throw new UnreadableSoapError('a statusCode that is none of SRM');
  return status;
}
