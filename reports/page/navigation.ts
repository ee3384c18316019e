/** A line of links to the parts of the page, which stays in sight. */

import { type Html, html } from './html.ts';
import type { Section } from './section.ts';

export function renderNavigation(sections: readonly Section[]): Html {
  const links = [
    { id: 'finding', title: 'Finding' },
    { id: 'charts', title: 'Curves' },
    ...sections.map(({ id, title, inShort = title }) => ({ id, title: inShort })),
  ];
  return html`<nav aria-label="Parts of the report">
    <ul>
      ${links.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
  </nav>`;
}
