/** Reads XML as it streams in, by rules for the elements that matter; no tree is built. */

import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';

/** The bytes are no well-formed XML, end too early, or don't say what they should. */
export class UnreadableSoapError extends Error {
  override readonly name = 'UnreadableSoapError';
}

/**
 * What to do at one element; `State` is what one document's reading gathers, so that the rules themselves are constants.
 * Elements without a rule are read over, with all that they hold.
 */
export type ElementRule<State> = {
  /** Rules of the elements inside, by local name (namespace prefixes are ignored). */
  children?: ReadonlyMap<string, ElementRule<State>>;
  /** Rule of every element inside that has no rule of its own. */
  otherChild?: ElementRule<State>;
  open?: (state: State, localName: string) => void;
  /** `text`: what stood before the end tag, entities and CDATA resolved; the text of an element that holds no others. */
  close?: (state: State, text: string) => void;
};

export type XmlReader = {
  /** @throws UnreadableSoapError or what a rule throws; the reader is of no more use then */
  write(chunk: Uint8Array): void;
  /** @throws UnreadableSoapError when the document is not complete */
  end(): void;
};

/**
 * A reader of one document; `document` is the rule of what holds the root element. A DOCTYPE is refused, so only XML's own
 * five entities exist.
 */
export function createXmlReader<State>(document: ElementRule<State>, state: State): XmlReader {
  const parser = new SaxesParser({ position: false });
  const decoder = new StringDecoder('utf8');
  const outer: (ElementRule<State> | undefined)[] = [];
  let rule: ElementRule<State> | undefined = document;
  let text = '';

  const addText = (more: string): void => {
    text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('doctype', () => {
    throw new UnreadableSoapError('a DOCTYPE, which SOAP forbids');
  });
  parser.on('error', (error) => {
    throw new UnreadableSoapError(error.message, { cause: error });
  });
  parser.on('opentag', ({ name }) => {
    const localName = name.slice(name.indexOf(':') + 1);
    outer.push(rule);
    rule = rule?.children?.get(localName) ?? rule?.otherChild;
    text = '';
    rule?.open?.(state, localName);
  });
  parser.on('closetag', () => {
    rule?.close?.(state, text);
    rule = outer.pop();
    text = '';
  });

  return {
    write(chunk) {
      parser.write(decoder.write(chunk));
    },
    end() {
      parser.write(decoder.end());
      parser.close();
    },
  };
}

/** The rule of an element that only holds these. */
export function holding<State>(children: Record<string, ElementRule<State>>): ElementRule<State> {
  return { children: new Map(Object.entries(children)) };
}

/** The rule of a document whose SOAP body has this rule. */
export function soapRule<State>(body: ElementRule<State>): ElementRule<State> {
  return holding({ Envelope: holding({ Body: body }) });
}
