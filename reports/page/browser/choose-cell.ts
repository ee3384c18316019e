/**
 * The chosen cell: the one that the address names (`#cell-<id>`). Its row is marked, and who shows it is told by the event
 * `cellchosen` on the document, whose detail is the id. Every link to a row leads to the chosen cell's section instead; buttons
 * there step through the rows as they are sorted, and lead back to the row.
 */

const PREFIX = 'cell-';

/** The page itself shows one before anybody has chosen. */
let chosen: string | null = document.querySelector<HTMLElement>('#chosen-cell [data-cell]')?.dataset['cell'] ?? null;

const listRows = (): HTMLTableRowElement[] => [
  ...document.querySelectorAll<HTMLTableRowElement>(`#cell-table tr[id^="${PREFIX}"]`),
];

const rowOf = (id: string): HTMLElement | null => document.getElementById(PREFIX + id);

const sectionOf = (): HTMLElement | null => document.querySelector<HTMLElement>('#chosen-cell');

/** Null when the fragment names no cell of this page. */
function readFragment(fragment: string): string | null {
  if (!fragment.startsWith(`#${PREFIX}`)) return null;
  let id = fragment.slice(PREFIX.length + 1);
  try {
    id = decodeURIComponent(id);
  } catch {
    // Not encoded: it is meant as it stands.
  }
  return rowOf(id) === null ? null : id;
}

function choose(id: string): void {
  chosen = id;
  markRow();
  document.dispatchEvent(new CustomEvent('cellchosen', { detail: id }));
}

function markRow(): void {
  for (const row of listRows()) {
    const isChosen = row.id === PREFIX + (chosen ?? '');
    row.classList.toggle('chosen', isChosen);
    if (isChosen) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
}

/** Where the reader is led: the heading takes the focus, so that keyboard and screen reader go on from there. */
function lead(place: HTMLElement | null): void {
  if (place === null) return;
  const target = place.querySelector<HTMLElement>('h2') ?? place;
  target.tabIndex = -1;
  place.scrollIntoView({ block: 'start' });
  target.focus({ preventScroll: true });
}

function followFragment(): void {
  const id = readFragment(location.hash);
  if (id === null) return;
  choose(id);
  lead(sectionOf());
}

/** The row `by` places further among those that there are, from the first or the last when none is chosen. */
function step(by: 1 | -1): void {
  const ids = listRows().map(({ id }) => id.slice(PREFIX.length));
  const index = chosen === null ? -1 : ids.indexOf(chosen);
  const next = index === -1 ? ids.at(by === 1 ? 0 : -1) : ids[index + by];
  if (next === undefined) return;
  history.replaceState(null, '', `#${PREFIX}${encodeURIComponent(next)}`);
  choose(next);
}

function onClick(event: MouseEvent): void {
  if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const button = event.target.closest<HTMLElement>('[data-cell-step]');
  if (button?.dataset['cellStep'] === 'previous') step(-1);
  if (button?.dataset['cellStep'] === 'next') step(1);
  if (button?.dataset['cellStep'] === 'row' && chosen !== null) lead(rowOf(chosen));
  const link = event.target.closest('a[href^="#cell-"]');
  const id = link === null ? null : readFragment(link.getAttribute('href') ?? '');
  if (id === null || sectionOf() === null) return;
  // Not to the row first and to the section then.
  event.preventDefault();
  history.pushState(null, '', `#${PREFIX}${encodeURIComponent(id)}`);
  choose(id);
  lead(sectionOf());
}

function showButtons(): void {
  for (const buttons of document.querySelectorAll<HTMLElement>('.cell-steps')) buttons.hidden = false;
}

document.addEventListener('click', onClick);
addEventListener('hashchange', followFragment);
// A live page has put new rows into itself.
document.addEventListener('pagegrown', () => {
  showButtons();
  markRow();
});
showButtons();
markRow();
followFragment();
