/** HTML that can't be broken by what it shows: every value is escaped unless it is HTML already. */

/** A piece of HTML whose text has been escaped. */
export type Html = { readonly html: string };

export type Content = Html | string | number | readonly Html[];

/** Template tag: html`<td>${text}</td>` escapes the text. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  const rest = values.map((value, index) => `${toHtml(value)}${parts[index + 1] ?? ''}`);
  return { html: `${parts[0] ?? ''}${rest.join('')}` };
}

/** HTML made elsewhere with its text escaped: the charts' SVG, the style sheet. */
export function trusted(text: string): Html {
  return { html: text };
}

function toHtml(value: Content): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return 'html' in value ? value.html : value.map((part) => part.html).join('');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for element content and quoted attributes; control characters that HTML forbids become a replacement character. */
export function escapeText(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string)
    .replaceAll(/(?![\t\n\r])\p{Cc}/gu, '\uFFFD');
}
