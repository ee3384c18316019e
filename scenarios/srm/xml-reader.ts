/** Reads XML as it streams in, by rules for the elements that matter; no tree is built. */

import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';

/** The bytes are no well-formed XML, end too early, or don't say what they should. */
export class UnreadableSoapError extends Error {
  override readonly name = 'UnreadableSoapError';
}

/** What to do at one element. Elements without a rule are read over, with all that they hold. */
export type ElementRule = {
  /** Rules of the elements inside, by local name (namespace prefixes are ignored). */
  children?: ReadonlyMap<string, ElementRule>;
  /** Rule of every element inside that has no rule of its own. */
  otherChild?: ElementRule;
  open?: (localName: string) => void;
  /** `text`: what stood before the end tag, entities and CDATA resolved; the text of an element that holds no others. */
  close?: (text: string) => void;
};

export type XmlReader = {
  /** @throws UnreadableSoapError or what a rule throws; the reader is of no more use then */
  write(chunk: Uint8Array): void;
  /** @throws UnreadableSoapError when the document is not complete */
  end(): void;
};

const READ_OVER: ElementRule = {};

/** A reader of one document; `document` is the rule of what holds the root element. A DOCTYPE is refused, so only XML's own five entities exist. */
export function createXmlReader(document: ElementRule): XmlReader {
  const parser = new SaxesParser({ position: false });
  const decoder = new StringDecoder('utf8');
  const outer: ElementRule[] = [];
  let rule = document;
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
    rule = rule.children?.get(localName) ?? rule.otherChild ?? READ_OVER;
    text = '';
    rule.open?.(localName);
  });
  parser.on('closetag', () => {
    rule.close?.(text);
    rule = outer.pop() ?? READ_OVER;
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

/** The rule of a document whose SOAP body has this rule. */
export function soapRule(body: ElementRule): ElementRule {
  const envelope: ElementRule = { children: new Map([['Body', body]]) };
  return { children: new Map([['Envelope', envelope]]) };
}
