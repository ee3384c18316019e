/** XML that can't be broken by what it shows. */

import { putOnOneLine } from '../plain-text.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text for content and quoted attributes, on one line: what XML 1.0 has no place for is gone. */
export function escapeXml(text: string): string {
  return dropForbidden(putOnOneLine(text)).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

/** Text, or XML, without the characters that XML 1.0 has no place for, not even by number. */
export function dropForbidden(text: string): string {
  return text.toWellFormed().replaceAll(/[\uFFFE\uFFFF]|(?![\t\n\r])\p{Cc}/gu, '\uFFFD');
}

/** ` name="value"` each. */
export function writeAttributes(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
}
