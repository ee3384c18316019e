/**
 * Tables of class `sortable` by any column: a button in each head sorts upwards, again downwards. A cell's `data-value` is its exact
 * number; without it the text counts. What has no value comes last either way. A row of class `note` belongs to the one before it.
 */

type Direction = 'ascending' | 'descending';

/** A row with its notes, as it is moved. */
type Group = { row: HTMLTableRowElement; notes: HTMLTableRowElement[] };

const OPPOSITE: Record<Direction, Direction> = { ascending: 'descending', descending: 'ascending' };

/** As the page writes what it does not know. */
const NO_VALUE = '–';

function makeSortable(table: HTMLTableElement): void {
  const body = table.tBodies[0];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (body === undefined) return;
  for (const [column, head] of heads.entries()) {
    if (head.querySelector('button') !== null) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const direction =
        head.ariaSort === 'ascending' || head.ariaSort === 'descending' ? OPPOSITE[head.ariaSort] : 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', direction);
      body.append(...sortRows(body, column, direction));
    });
  }
}

function sortRows(body: HTMLTableSectionElement, column: number, direction: Direction): HTMLTableRowElement[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return groupRows(body)
    .map((group) => ({ ...group, value: valueOf(group.row.cells[column]) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      return sign * compare(a, b);
    })
    .flatMap(({ row, notes }) => [row, ...notes]);
}

function groupRows(body: HTMLTableSectionElement): Group[] {
  const groups: Group[] = [];
  for (const row of body.rows) {
    if (row.classList.contains('note')) groups.at(-1)?.notes.push(row);
    else groups.push({ row, notes: [] });
  }
  return groups;
}

function valueOf(cell: HTMLTableCellElement | undefined): number | string | null {
  const exact = cell?.dataset['value'];
  if (exact !== undefined) return Number(exact);
  const text = cell?.textContent.trim() ?? '';
  return text === '' || text === NO_VALUE ? null : text;
}

function compare(a: number | string, b: number | string): number {
  // Infinity less itself is not a number.
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}

function makeAllSortable(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) makeSortable(table);
}

makeAllSortable();
// A live page has put new tables into itself.
document.addEventListener('pagegrown', makeAllSortable);
