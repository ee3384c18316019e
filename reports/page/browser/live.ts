/** A page that grows with its campaign: says what happens now, and takes in what a newer page shows. Reading goes on undisturbed. */

const bar = document.querySelector('#live');
const events = new EventSource('events');
/** The page as it came last: what the reader has unfolded or sorted since is no difference. */
let shown: Document | null = null;
let growing: Promise<void> = Promise.resolve();

const say = (text: string): void => {
  if (bar !== null) bar.textContent = text;
};

/** The head of the page and what it holds: parts that come, change and go. */
const placesOf = (page: Document): Element[] => [...page.querySelectorAll('body > header, main')];

const keyOf = (part: Element, index: number): string => (part.id === '' ? `${part.localName} ${index}` : part.id);

const partsOf = (place: Element | undefined): Map<string, Element> =>
  new Map([...(place?.children ?? [])].map((part, index) => [keyOf(part, index), part]));

/** Which folds the reader has opened, by the words on them. */
const openFolds = (part: Element): (string | null)[] =>
  [...part.querySelectorAll('details[open] > summary')].map(({ textContent }) => textContent);

/** A part of the newer page for this one, with the folds open that were. */
function adopt(fresh: Element, old: Element | undefined): Element {
  const open = old === undefined ? [] : openFolds(old);
  const adopted = document.importNode(fresh, true);
  const folds = adopted.localName === 'details' ? [adopted] : [...adopted.querySelectorAll('details')];
  for (const fold of folds) {
    if (open.includes(fold.querySelector('summary')?.textContent ?? null)) fold.setAttribute('open', '');
  }
  return adopted;
}

/** Puts the parts of the newer place into this one; those that have not changed since they came stay as the reader has them. */
function exchange(place: Element, fresh: Element, before: Element | undefined): void {
  const here = partsOf(place);
  const came = partsOf(before);
  let last: Element | null = null;
  for (const [key, part] of partsOf(fresh)) {
    const old = here.get(key);
    // What has not changed is not touched: it may have the focus.
    const isSame = old !== undefined && came.get(key)?.outerHTML === part.outerHTML;
    const current = isSame ? old : adopt(part, old);
    if (old !== undefined && !isSame) old.replaceWith(current);
    if (old === undefined && last === null) place.prepend(current);
    if (old === undefined && last !== null) last.after(current);
    last = current;
    here.delete(key);
  }
  for (const gone of here.values()) gone.remove();
}

async function grow(): Promise<void> {
  const response = await fetch(location.pathname);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const before = shown === null ? [] : placesOf(shown);
  const fresh = placesOf(page);
  const top = scrollY;
  for (const [index, place] of placesOf(document).entries()) {
    const newer = fresh[index];
    if (newer !== undefined) exchange(place, newer, before[index]);
  }
  scrollTo({ top, behavior: 'instant' });
  shown = page;
  document.dispatchEvent(new CustomEvent('pagegrown'));
}

/** One after the other, each with the newest page. */
const growNext = (): Promise<void> => {
  growing = growing.then(grow).catch(() => say('The page could not be had again; the campaign goes on.'));
  return growing;
};

async function endWith(sentence: string): Promise<void> {
  await growNext();
  events.close();
  say(sentence);
}

events.addEventListener('status', ({ data }: MessageEvent<string>) => say(data));
events.addEventListener('grown', () => void growNext());
events.addEventListener('ended', ({ data }: MessageEvent<string>) => {
  void endWith(data);
});
events.addEventListener('error', () => say('No word from the campaign; it does not need this page.'));
