/** The tags of a page of ours, as strict as our own writing: a page that a browser would have to mend throws. */

export type PageTag = {
  name: string;
  attributes: Record<string, string>;
  /** All text within, entities resolved, blanks as one. */
  text: string;
  /** The tag that it stands in; null for the outermost. */
  parent: PageTag | null;
};

const VOID = new Set(['meta', 'link', 'br', 'hr', 'img', 'input', 'col', 'wbr']);
const RAW = /<(script|style)\b([^>]*)>([\s\S]*?)<\/\1>/g;
const TOKEN = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:@.-]+(?:="[^"]*")?)*)\s*(\/?)>|<!doctype html>|<|([^<]+)/g;
const ATTRIBUTE = /([\w:@.-]+)(?:="([^"]*)")?/g;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

/** Scripts and style sheets have their text; everything else what stands between their tags. In document order. */
export function readTags(page: string): PageTag[] {
  const raws: string[] = [];
  const outline = page.replaceAll(RAW, (_, name: string, attributes: string, text: string) => {
    raws.push(text);
    return `<${name}${attributes} raw="${raws.length - 1}"></${name}>`;
  });
  const tags: PageTag[] = [];
  const open: PageTag[] = [];
  for (const [token, slash, name, attributes = '', selfClosing, text] of outline.matchAll(TOKEN)) {
    if (token === '<') throw new Error(`a "<" that begins no tag near: ${outline.slice(0, 200)}`);
    if (text !== undefined) for (const tag of open) tag.text += resolve(text);
    if (name === undefined) continue;
    if (slash === '/') {
      const closed = open.pop();
      if (closed?.name !== name) throw new Error(`</${name}> closes <${closed?.name ?? 'nothing'}>`);
      continue;
    }
    const tag: PageTag = { name, attributes: readAttributes(attributes), text: '', parent: open.at(-1) ?? null };
    const raw = tag.attributes['raw'];
    if (raw !== undefined) tag.text = raws[Number(raw)] as string;
    tags.push(tag);
    if (selfClosing !== '/' && !VOID.has(name)) open.push(tag);
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)?.name}> is never closed`);
  return tags.map((tag) =>
    RAWS.has(tag.name) ? tag : Object.assign(tag, { text: tag.text.replaceAll(/\s+/g, ' ').trim() }),
  );
}

const RAWS = new Set(['script', 'style']);

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name, value = '']) => [name as string, resolve(value)]),
  );
}

function resolve(text: string): string {
  return text.replaceAll(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}

/** Whether a tag of this name is around. */
export function isWithin(tag: PageTag, name: string): boolean {
  for (let around = tag.parent; around !== null; around = around.parent) if (around.name === name) return true;
  return false;
}
