import test from 'ava';
import { markLocalFailures } from '../../reports/measures/local-failures.ts';
import { checkTrust } from '../../reports/trust.ts';
import { cellAt, summaryOf } from '../support/summary-cells.ts';

const operationsOf = (byOutcome: Record<string, number>) => {
  const all = Object.values(byOutcome).reduce((sum, count) => sum + count, 0);
  const { ok = 0, cut = 0 } = byOutcome;
  return { ok, failed: all - ok - cut, cut, byOutcome };
};
const own = (...cells: Parameters<typeof summaryOf>) =>
  checkTrust(summaryOf(...cells)).filter(({ name }) => name === 'own side');
const MARKED = { marks: [{ code: 'local-failures' as const, value: 1, limit: 0, text: '' }] };

test('one operation without a port is marked, with the three things that help', (t) => {
  const mark = markLocalFailures({ operations: operationsOf({ ok: 998, reset: 1, 'local/no-port': 1 }) });
  t.is(mark?.code, 'local-failures');
  t.is(mark?.value, 1);
  t.regex(mark?.text ?? '', /^1 of 1,000 operations failed on our own side \(1 local\/no-port; limit 0\)/);
  for (const fix of ["close: 'reset'", 'sourceAddresses', 'ip_local_port_range']) t.true(mark?.text.includes(fix), fix);
});

test('all kinds are told, most frequent first, also one that nothing is known to help against', (t) => {
  const operations = operationsOf({ ok: 1, 'local/no-descriptor': 2, 'local/name': 3 });
  const { value, text } = markLocalFailures({ operations }) as NonNullable<ReturnType<typeof markLocalFailures>>;
  t.is(value, 5);
  t.regex(text, /3 local\/name, 2 local\/no-descriptor.*ulimit -n/);
  t.regex(markLocalFailures({ operations: operationsOf({ 'local/name': 1 }) })?.text ?? '', /asks for\.$/);
});

test('failures of the service are not ours', (t) => {
  t.is(markLocalFailures({ operations: operationsOf({ ok: 5, refused: 3, cut: 2, 'status/SRM_FAILURE': 1 }) }), null);
});

test('the trust panel sums them over cells, names the fix, and is silent without them', (t) => {
  t.deepEqual(own(cellAt(1, 10)), []);
  const [check] = own(
    cellAt(1, 10, { ...MARKED, operations: operationsOf({ ok: 10, 'local/no-port': 20 }) }),
    cellAt(2, 10, { ...MARKED, operations: operationsOf({ ok: 10, 'local/no-port': 5, 'local/no-memory': 1 }) }),
    cellAt(4, 10),
  );
  t.is(check?.verdict, 'look');
  t.regex(check?.text ?? '', /^25 local\/no-port, 1 local\/no-memory in 2 cells\. Ports ran out: .*Memory ran out/);
});
