/** Reads XML as it streams in, by rules for the elements that matter; no tree is built unless ids and hrefs call for one. */

import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';
import { createAttributeReader } from './element-attributes.ts';
import { type KeptElements, createKeptElements } from './kept-elements.ts';
import { type ElementRule, createRuleCursor, holding } from './rule-cursor.ts';
import { UnreadableSoapError } from './unreadable-soap-error.ts';
import { XML_LIMITS } from './xml-limits.ts';

export type XmlReader = {
  /** @throws UnreadableSoapError or what a rule throws; the reader is of no more use then */
  write(chunk: Uint8Array): void;
  /** @throws UnreadableSoapError when the document is not complete, or its hrefs lead nowhere, in circles or too far */
  end(): void;
};

/**
 * A reader of one document within {@link XML_LIMITS}; `document` is the rule of what holds the root element. A DOCTYPE is
 * refused, so only XML's own five entities exist.
 */
export function createXmlReader<State>(document: ElementRule<State>, state: State): XmlReader {
  const parser = createParser();
  const cursor = createRuleCursor(document, state);
  const attributes = createAttributeReader();
  /** Null until the first id or href: only from there on does an element's meaning have to wait for the end. */
  let kept: KeptElements | null = null;
  let depth = 0;
  let text = '';
  let bytes = 0;
  /** Written since the last tag, to within one chunk: the parser may be holding it back. */
  let bytesSinceTag = 0;

  const addText = (more: string): void => {
    text += more;
    if (text.length > XML_LIMITS.textCharacters) throw new UnreadableSoapError('an element with too much text');
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('attribute', ({ name, value }) => attributes.add(name, value));
  parser.on('opentag', ({ name }) => {
    bytesSinceTag = 0;
    depth += 1;
    if (depth > XML_LIMITS.depth) throw new UnreadableSoapError('elements too deep inside one another');
    const localName = name.slice(name.indexOf(':') + 1);
    const { id, href, nil } = attributes.found;
    if (id !== null || href !== null) kept ??= createKeptElements();
    if (kept !== null) kept.open(localName, attributes.found);
    else if (nil) cursor.openUnread();
    else cursor.open(localName);
    attributes.clear();
    text = '';
  });
  parser.on('closetag', () => {
    bytesSinceTag = 0;
    depth -= 1;
    if (kept === null) cursor.close(text);
    else kept.close(text);
    text = '';
  });

  const decoder = new StringDecoder('utf8');
  return {
    write(chunk) {
      bytes += chunk.length;
      if (bytes > XML_LIMITS.documentBytes) throw new UnreadableSoapError('a message that is too long');
      if (bytesSinceTag > XML_LIMITS.textCharacters) throw new UnreadableSoapError('too much between two tags');
      bytesSinceTag += chunk.length;
      parser.write(decoder.write(chunk));
    },
    end() {
      parser.write(decoder.end());
      parser.close();
      kept?.replay(cursor);
    },
  };
}

/** Tells of no more after the first error: it throws. */
function createParser(): SaxesParser<{ position: false }> {
  const parser = new SaxesParser({ position: false });
  parser.on('doctype', () => {
    throw new UnreadableSoapError('a DOCTYPE, which SOAP forbids');
  });
  parser.on('error', (error) => {
    throw new UnreadableSoapError(error.message, { cause: error });
  });
  return parser;
}

/** The rule of a document whose SOAP body has this rule. What hrefs stand for (`multiRef`) is read where they are, not by itself. */
export function soapRule<State>(body: ElementRule<State>): ElementRule<State> {
  const children = new Map<string, ElementRule<State>>([...(body.children ?? []), ['multiRef', {}]]);
  return holding({ Envelope: holding({ Body: { ...body, children } }) });
}
