/**
 * Elements kept until the document's end, since SOAP lets any of them stand for another, in any order: `href="#id"` for what has
 * that id. Then they are read in document order, each href as what it stands for.
 */

import type { ElementAttributes } from './element-attributes.ts';
import type { RuleCursor } from './rule-cursor.ts';
import { UnreadableSoapError } from './unreadable-soap-error.ts';
import { XML_LIMITS } from './xml-limits.ts';

export type KeptElements = {
  open(localName: string, attributes: ElementAttributes): void;
  close(text: string): void;
  /**
   * Reads on from where the cursor stood when the first element was kept.
   * @throws UnreadableSoapError for an id that isn't there, a circle of hrefs, and more than {@link XML_LIMITS} allow
   */
  replay(cursor: RuleCursor): void;
};

/** Its children are a list linked through `next`: an array each would take more room than all the rest. */
type KeptElement = {
  readonly name: string;
  readonly href: string | null;
  readonly nil: boolean;
  text: string;
  firstChild: KeptElement | null;
  lastChild: KeptElement | null;
  next: KeptElement | null;
  /** It is being read: to meet it again is a circle. */
  reading: boolean;
};

export function createKeptElements(): KeptElements {
  const byId = new Map<string, KeptElement>();
  const open: KeptElement[] = [];
  /** What comes in no kept element: elements, and (null) the ends of those that were open before the first was kept. */
  const outermost: (KeptElement | null)[] = [];
  let count = 0;

  function append(parent: KeptElement | undefined, element: KeptElement): void {
    if (parent === undefined) {
      outermost.push(element);
      return;
    }
    if (parent.lastChild === null) parent.firstChild = element;
    else parent.lastChild.next = element;
    parent.lastChild = element;
  }

  return {
    open(name, { id, href, nil }) {
      const element = createElement(name, href, nil);
      if (id !== null) {
        if (byId.has(id)) throw new UnreadableSoapError(`two elements with the id '${shorten(id)}'`);
        byId.set(id, element);
      }
      // Of what BeStMan sends, half is nil: as good as absent, it is kept only for an href to find.
      if (!nil) append(open.at(-1), element);
      if (!nil || id !== null) count += 1;
      if (count > XML_LIMITS.keptElements) throw new UnreadableSoapError('too many elements around ids and hrefs');
      open.push(element);
    },
    close(text) {
      const element = open.pop();
      if (element === undefined) outermost.push(null);
      else element.text = text;
    },
    replay(cursor) {
      const read = createElementReading(byId, count * XML_LIMITS.readingsPerKeptElement, cursor);
      for (const element of outermost) {
        if (element === null) cursor.close('');
        else read(element, element.name, 0);
      }
    },
  };
}

/** Reads an element under the name of the one that stands for it. */
type ElementReading = (element: KeptElement, name: string, depth: number) => void;

function createElementReading(
  byId: ReadonlyMap<string, KeptElement>,
  mostReadings: number,
  cursor: RuleCursor,
): ElementReading {
  let readings = 0;

  return function read(element, name, depth) {
    readings += 1;
    if (readings > mostReadings) throw new UnreadableSoapError('hrefs that make few elements stand for too many');
    // Every element may take one href to reach.
    if (depth > 2 * XML_LIMITS.depth)
      throw new UnreadableSoapError('elements too deep inside one another, hrefs followed');
    if (element.nil || !cursor.hasRuleFor(name)) return;
    if (element.reading) throw new UnreadableSoapError('hrefs that lead in a circle');
    element.reading = true;
    if (element.href === null) {
      cursor.open(name);
      for (let child = element.firstChild; child !== null; child = child.next) read(child, child.name, depth + 1);
      cursor.close(element.text);
    } else {
      read(findTarget(byId, element.href), name, depth + 1);
    }
    element.reading = false;
  };
}

function findTarget(byId: ReadonlyMap<string, KeptElement>, href: string): KeptElement {
  const target = href.startsWith('#') ? byId.get(href.slice(1)) : undefined;
  if (target === undefined) throw new UnreadableSoapError(`nothing in the message for the href '${shorten(href)}'`);
  return target;
}

function createElement(name: string, href: string | null, nil: boolean): KeptElement {
  return { name, href, nil, text: '', firstChild: null, lastChild: null, next: null, reading: false };
}

/** For messages: attributes are as long as their sender likes. */
function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
