/** A page that grows with its campaign: says what happens now, and takes in what a newer page shows. Reading goes on undisturbed. */

const bar = document.querySelector('#live');
const events = new EventSource('events');
/** The page as it came last: what the reader has unfolded or sorted since is no difference. */
let shown: Document | null = null;
let growing: Promise<void> = Promise.resolve();

const say = (text: string): void => {
  if (bar !== null) bar.textContent = text;
};

/** The parts that can be exchanged: the head of the page, and the sections. */
const partsOf = (page: Document): Element[] => [...page.querySelectorAll('body > header, main > *')];

const keyOf = (part: Element, index: number): string => (part.id === '' ? `${part.localName} ${index}` : part.id);

/** Which folds the reader has opened, by the words on them. */
const openFolds = (part: Element): string[] =>
  [...part.querySelectorAll('details[open] > summary')].map(({ textContent }) => textContent ?? '');

const exchange = (old: Element, fresh: Element): void => {
  const open = openFolds(old);
  const adopted = document.importNode(fresh, true);
  for (const fold of adopted.querySelectorAll('details')) {
    if (open.includes(fold.querySelector('summary')?.textContent ?? '')) fold.open = true;
  }
  old.replaceWith(adopted);
};

async function grow(): Promise<void> {
  const response = await fetch(location.pathname);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const before = new Map(
    shown === null ? [] : partsOf(shown).map((part, index) => [keyOf(part, index), part.outerHTML]),
  );
  const here = new Map(partsOf(document).map((part, index) => [keyOf(part, index), part]));
  let last: Element | null = null;
  for (const [index, part] of partsOf(page).entries()) {
    const key = keyOf(part, index);
    const old = here.get(key);
    if (old === undefined) last?.after(document.importNode(part, true));
    else if (before.get(key) !== part.outerHTML) exchange(old, part);
    last = [...partsOf(document)].find((each, position) => keyOf(each, position) === key) ?? last;
  }
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
