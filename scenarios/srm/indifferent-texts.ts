/** Where the texts of an answer are that its reading does not depend on: of elements that no rule reads. */

import { LS_ANSWER_NAMES } from './read-answer.ts';

/** An element that holds nothing but text without entities; a `>` inside an attribute keeps it from being found. */
const LEAF = /<(?<tag>[A-Za-z_][\w.:-]*)(?<attributes>\s[^<>]*)?>(?<text>[^<>&]*)<\/\k<tag>>/g;
/** It may stand for another element, or another for it. */
const REFERENCE = /\b(?:id|href)\s*=/;
/** Comments, CDATA and processing instructions, in which a tag is none. */
const NO_TAGS = /<[!?]/;
const DECLARATION = /^\s*<\?xml[^<>]*\?>/;

/**
 * @param body of an srmLs answer that was read without an error
 * @returns start and end of each text by turns, ascending, in bytes
 */
export function findIndifferentTexts(body: Buffer): Int32Array {
  // In Latin-1 a place in the text is a place in the bytes, and what is not ASCII is part of no tag.
  const text = body.toString('latin1');
  if (NO_TAGS.test(text.replace(DECLARATION, ''))) return new Int32Array(0);
  const places: number[] = [];
  for (const found of text.matchAll(LEAF)) {
    const { tag = '', attributes = '', text: held = '' } = found.groups ?? {};
    if (LS_ANSWER_NAMES.has(tag.slice(tag.indexOf(':') + 1)) || REFERENCE.test(attributes)) continue;
    const end = found.index + found[0].length - `</${tag}>`.length;
    places.push(end - held.length, end);
  }
  return Int32Array.from(places);
}
