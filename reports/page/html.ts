/** HTML that can't be broken by what it shows: every value is escaped unless it is HTML already. */

/** A piece of HTML whose text has been escaped. */
export type Html = { readonly html: string };

export type Content = Html | string | number | readonly Html[];

/** Nothing at all. */
export const NOTHING: Html = { html: '' };

/** Template tag: html`<td>${text}</td>` escapes the text. Indentation of the template is left out, newlines stay. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  const [first = '', ...others] = withoutIndentation(parts);
  return { html: `${first}${others.map((part, index) => `${toHtml(values[index] as Content)}${part}`).join('')}` };
}

/** HTML made elsewhere with its text escaped: the charts' SVG, the style sheet. */
export function trusted(text: string): Html {
  return { html: text };
}

/** A template is one object for good, however often its values change. */
const shortened = new WeakMap<TemplateStringsArray, readonly string[]>();

function withoutIndentation(parts: TemplateStringsArray): readonly string[] {
  const known = shortened.get(parts);
  if (known !== undefined) return known;
  const short = parts.map((part) => part.replaceAll(/\n\s+/g, '\n'));
  shortened.set(parts, short);
  return short;
}

function toHtml(value: Content): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return 'html' in value ? value.html : value.map((part) => part.html).join('');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Text for element content and quoted attributes. A replacement character stands for what HTML forbids (control characters, half
 * a surrogate pair) and for what makes text show in another order than it has (embeddings, overrides and isolates of Unicode).
 */
export function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string)
    .replaceAll(/(?![\t\n\r])[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');
}
