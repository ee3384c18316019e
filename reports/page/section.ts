/** A part of the page with its heading, to which the navigation and links from elsewhere lead. */

import { type Content, type Html, html } from './html.ts';

export type Section = {
  /** Its place in the page: lower case with dashes. */
  id: string;
  title: string;
  /** What the navigation calls it, when the title is long. */
  inShort?: string;
  content: Content;
};

export function renderSection({ id, title, content }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`;
}

/** A table, or anything else that may be wider than a phone, in a region that scrolls by itself and can be reached by keyboard. */
export function scrollable(label: string, content: Html): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${content}</div>`;
}
