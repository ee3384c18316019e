import test from 'ava';
import { readCpuQuota, readMemoryLimit } from '../../../agent/capacity/cgroup-limits.ts';

/** Reads from these files, and from no others. */
function files(texts: Record<string, string>): (file: string) => string | null {
  return (file) => texts[file] ?? null;
}

test('no cgroup that can be seen: unknown', (t) => {
  t.is(readMemoryLimit([], files({})), null);
  t.is(readCpuQuota([], files({})), null);
});

test('a cgroup without a limit has none, in the words of both versions', (t) => {
  const none = { limitBytes: null, roomBytes: null };
  t.deepEqual(readMemoryLimit(['/c'], files({ '/c/memory.max': 'max\n' })), none);
  t.deepEqual(readMemoryLimit(['/c'], files({ '/c/memory.limit_in_bytes': '9223372036854771712\n' })), none);
  t.deepEqual(readMemoryLimit(['/c'], files({})), none); // the outermost has no such file
  for (const quota of [
    { '/c/cpu.max': 'max 100000\n' },
    { '/c/cpu.cfs_quota_us': '-1', '/c/cpu.cfs_period_us': '100000' },
    {},
  ]) {
    t.deepEqual(readCpuQuota(['/c'], files(quota as Record<string, string>)), { cores: null });
  }
});

test('caches that the kernel would give up first are room (version 2)', (t) => {
  const read = files({
    '/c/memory.max': '1000000\n',
    '/c/memory.current': '400000\n',
    '/c/memory.stat': 'anon 250000\ninactive_file 100000\n',
  });
  t.deepEqual(readMemoryLimit(['/c'], read), { limitBytes: 1_000_000, roomBytes: 700_000 });
});

test('version 1 counts those below with `total_`', (t) => {
  const read = files({
    '/c/memory.limit_in_bytes': '1000000\n',
    '/c/memory.usage_in_bytes': '400000\n',
    '/c/memory.stat': 'inactive_file 5\ntotal_inactive_file 100000\n',
  });
  t.is(readMemoryLimit(['/c'], read)?.roomBytes, 700_000);
});

test('a limit whose use can not be read has no known room', (t) => {
  t.deepEqual(readMemoryLimit(['/c'], files({ '/c/memory.max': '1000\n' })), { limitBytes: 1000, roomBytes: null });
});

test('the limit that leaves least room counts, be it of a cgroup above', (t) => {
  const read = files({
    '/a/b/memory.max': '500000\n',
    '/a/b/memory.current': '100000\n',
    '/a/memory.max': '900000\n',
    '/a/memory.current': '850000\n',
    '/memory.max': 'max\n',
  });
  t.deepEqual(readMemoryLimit(['/a/b', '/a', '/'], read), { limitBytes: 900_000, roomBytes: 50_000 });
});

test('more used than allowed leaves no room', (t) => {
  const read = files({ '/c/memory.max': '1000\n', '/c/memory.current': '1200\n' });
  t.is(readMemoryLimit(['/c'], read)?.roomBytes, 0);
});

test('the smallest quota counts, in cores', (t) => {
  const read = files({
    '/a/b/cpu.max': 'max 100000\n',
    '/a/cpu.max': '150000 100000\n',
    '/cpu.cfs_quota_us': '400000\n',
    '/cpu.cfs_period_us': '100000\n',
  });
  t.deepEqual(readCpuQuota(['/a/b', '/a', '/'], read), { cores: 1.5 });
  t.deepEqual(readCpuQuota(['/a/b', '/'], read), { cores: 4 });
});
