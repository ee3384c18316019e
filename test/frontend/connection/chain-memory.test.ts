import test from 'ava';
import { createChainMemory } from '../../../frontend/connection/chain-memory.ts';

/** A chain of two whose first certificate is `name`, `bytes` long together. */
function chainOf(name: string, bytes: number): Uint8Array[] {
  return [Buffer.from(name), Buffer.alloc(bytes - name.length)];
}

test('a chain is found again by its first certificate, and one that was never kept stays as it is', (t) => {
  const memory = createChainMemory();
  const [a, b] = [chainOf('a', 10), chainOf('b', 10)];
  memory.keep(a);
  memory.keep(b);
  t.is(memory.complete([Buffer.from('a')]), a);
  t.is(memory.complete([Buffer.from('b')]), b);
  for (const unknown of [[Buffer.from('c')], []]) t.is(memory.complete(unknown), unknown);
});

test('the chains kept longest ago leave when there is no room, and one kept again is the newest', (t) => {
  const memory = createChainMemory(30);
  const isKept = (name: string): boolean => memory.complete([Buffer.from(name)]).length === 2;
  for (const name of ['a', 'b', 'c', 'a', 'd']) memory.keep(chainOf(name, 10));
  t.deepEqual(['a', 'b', 'c', 'd'].map(isKept), [true, false, true, true]);
  memory.keep(chainOf('e', 30));
  t.deepEqual(['a', 'c', 'd', 'e'].map(isKept), [false, false, false, true]);
  memory.keep(chainOf('f', 31));
  t.deepEqual(['e', 'f'].map(isKept), [false, false]);
});
