/** Rules for the elements that matter, and where among them a reading is. */

/**
 * What to do at one element; `State` is what one document's reading gathers, so that the rules themselves are constants.
 * Elements without a rule are read over, with all that they hold; so are those that are nil (`xsi:nil`), as if they were absent.
 * An element that refers to another (`href="#id"`) is read as if it held what that one holds.
 */
export type ElementRule<State> = {
  /** Rules of the elements inside, by local name (namespace prefixes are ignored). */
  children?: ReadonlyMap<string, ElementRule<State>>;
  /** Rule of every element inside that has no rule of its own. */
  otherChild?: ElementRule<State>;
  open?: (state: State, localName: string) => void;
  /** `text`: what stood before the end tag, entities and CDATA resolved; the text of an element that holds no others. */
  close?: (state: State, text: string) => void;
};

export type RuleCursor = {
  hasRuleFor(localName: string): boolean;
  /** Enters an element inside the current one, and does what its rule says. */
  open(localName: string): void;
  /** Enters an element that is read over whatever its name. */
  openUnread(): void;
  /** Leaves the current element. */
  close(text: string): void;
};

/** At first outside of the document; `document` is the rule of what holds the root element. */
export function createRuleCursor<State>(document: ElementRule<State>, state: State): RuleCursor {
  const outer: (ElementRule<State> | undefined)[] = [];
  let rule: ElementRule<State> | undefined = document;
  const find = (localName: string): ElementRule<State> | undefined =>
    rule?.children?.get(localName) ?? rule?.otherChild;
  return {
    hasRuleFor: (localName) => find(localName) !== undefined,
    open(localName) {
      const inner = find(localName);
      outer.push(rule);
      rule = inner;
      inner?.open?.(state, localName);
    },
    openUnread() {
      outer.push(rule);
      rule = undefined;
    },
    close(text) {
      rule?.close?.(state, text);
      rule = outer.pop();
    },
  };
}

/** The rule of an element that only holds these. */
export function holding<State>(children: Record<string, ElementRule<State>>): ElementRule<State> {
  return { children: new Map(Object.entries(children)) };
}

/** All names that have a rule, at any place. @throws TypeError where a rule is for any name (a bug of the caller) */
export function namesWithRules<State>(rule: ElementRule<State>): Set<string> {
  const names = new Set<string>();
  const seen = new Set<ElementRule<State>>();
  const visit = (one: ElementRule<State>): void => {
    if (seen.has(one)) return;
    seen.add(one);
    if (one.otherChild !== undefined) throw new TypeError('a rule for any name');
    for (const [name, child] of one.children ?? []) {
      names.add(name);
      visit(child);
    }
  };
  visit(rule);
  return names;
}
