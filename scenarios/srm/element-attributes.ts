/** The three attributes that SOAP gives a meaning, out of all that an element has. */

import { UnreadableSoapError } from './unreadable-soap-error.ts';
import { XML_LIMITS } from './xml-limits.ts';

export type ElementAttributes = {
  /** By which hrefs find the element. */
  id: string | null;
  /** `#id` of the element that this one stands for. */
  href: string | null;
  /** xsi:nil: the element is as good as absent. */
  nil: boolean;
};

export type AttributeReader = {
  /** @throws UnreadableSoapError for more, or longer ones, than {@link XML_LIMITS} allow */
  add(name: string, value: string): void;
  /** Those of the element whose start tag has just ended; they change with the next. */
  readonly found: Readonly<ElementAttributes>;
  clear(): void;
};

export function createAttributeReader(): AttributeReader {
  const found: ElementAttributes = { id: null, href: null, nil: false };
  let count = 0;
  return {
    found,
    add(name, value) {
      count += 1;
      if (count > XML_LIMITS.attributesPerElement) throw new UnreadableSoapError('an element with too many attributes');
      if (value.length > XML_LIMITS.attributeCharacters) throw new UnreadableSoapError('an attribute that is too long');
      if (name === 'id') found.id = value;
      else if (name === 'href') found.href = value;
      else if (name === 'xsi:nil' || name.slice(name.indexOf(':') + 1) === 'nil')
        found.nil = value === 'true' || value === '1';
    },
    clear() {
      if (count === 0) return;
      count = 0;
      found.id = null;
      found.href = null;
      found.nil = false;
    },
  };
}
