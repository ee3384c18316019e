import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import * as fc from 'fast-check';
import test from 'ava';
import { parseCpuList, readAllowedCpus, readStatusCpus } from '../../foundation/cpu-list.ts';

test('ranges and single cores are read as the kernel writes them', (t) => {
  t.deepEqual(parseCpuList('0-3,8,10-11\n'), [0, 1, 2, 3, 8, 10, 11]);
  t.deepEqual(parseCpuList('0'), [0]);
  for (const text of ['', 'a', '1-', '-1', '0,,2']) t.deepEqual(parseCpuList(text), [], text);
});

test('any set of cores comes back from its list', (t) => {
  const sets = fc.uniqueArray(fc.nat(300), { minLength: 1 });
  fc.assert(
    fc.property(sets, (cores) => {
      t.deepEqual(
        parseCpuList(cores.join(',')),
        cores.toSorted((a, b) => a - b),
      );
    }),
  );
  fc.assert(
    fc.property(fc.nat(300), fc.nat(50), (first, more) => {
      const cores = parseCpuList(`${first}-${first + more}`);
      t.is(cores.length, more + 1);
      t.deepEqual([cores[0], cores.at(-1)], [first, first + more]);
    }),
  );
});

test('the cores of this process are among those of the machine', (t) => {
  const allowed = readAllowedCpus();
  t.true(allowed.length > 0 && allowed.length <= cpus().length);
  t.is(readStatusCpus('/proc/0/status'), null);
  const told = spawnSync('nproc', { encoding: 'utf8' });
  if (told.status === 0) t.is(allowed.length, Number(told.stdout));
});
