/** Writes the times of the page in the reader's own zone; the page has them in UTC for who runs no script. */

const SAME_DAY = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const MINUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** `<time datetime="…" data-after="…">`: the day is left out when it is that of the time it comes after. */
function localize(): void {
  for (const element of document.querySelectorAll('time')) {
    const time = new Date(element.dateTime);
    if (Number.isNaN(time.getTime())) continue;
    const after = new Date(element.dataset['after'] ?? Number.NaN);
    const format = time.toDateString() === after.toDateString() ? SAME_DAY : MINUTE;
    element.textContent = format.format(time);
  }
  for (const zone of document.querySelectorAll('.zone')) zone.textContent = 'your time';
}

localize();
// A live page has put new times into itself.
document.addEventListener('pagegrown', localize);
