/** First in, first out, where any member can also leave early at no cost. */

type Link<T> = { value: T; previous: Link<T> | null; next: Link<T> | null; waiting: boolean };

export type FifoQueue<T> = {
  /** Returns how to leave: true when it was still waiting. */
  push(value: T): () => boolean;
  /** The one that has waited longest, which stays; or undefined. */
  first(): T | undefined;
  /** The one that has waited longest, which leaves; or undefined. */
  shift(): T | undefined;
};

export function createFifoQueue<T>(): FifoQueue<T> {
  let first: Link<T> | null = null;
  let last: Link<T> | null = null;

  const remove = (link: Link<T>): boolean => {
    if (!link.waiting) return false;
    link.waiting = false;
    if (link.previous === null) first = link.next;
    else link.previous.next = link.next;
    if (link.next === null) last = link.previous;
    else link.next.previous = link.previous;
    return true;
  };

  return {
    push(value) {
      const link: Link<T> = { value, previous: last, next: null, waiting: true };
      if (last === null) first = link;
      else last.next = link;
      last = link;
      return () => remove(link);
    },
    first: () => first?.value,
    shift() {
      if (first === null) return undefined;
      const { value } = first;
      remove(first);
      return value;
    },
  };
}
