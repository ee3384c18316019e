import test from 'ava';
import * as fc from 'fast-check';
import { shortenNames } from '../../../reports/charts/shorten-names.ts';
import { estimateWidth, shortenTo } from '../../../reports/charts/text-width.ts';

test('long names lose what they have in common, not what tells them apart', (t) => {
  const doors = ['one', 'two'].flatMap((door) =>
    [20, 1000].map((files) => `${files} files, srm-door-${door}.storage.example.org:8443`),
  );
  t.deepEqual(shortenNames([...doors, '20 files, bestman'], 176, 12), [
    '20 files, srm-door-one…',
    '1000 files, srm-door-one…',
    '20 files, srm-door-two…',
    '1000 files, srm-door-two…',
    '20 files, bestman',
  ]);
});

test('a single long name keeps its ends', (t) => {
  const [short] = shortenNames(['a-directory-with-a-very-long-name-indeed'], 120, 12);
  t.regex(short ?? '', /^a-dir.*…/);
});

test('names that differ stay different and fit', (t) => {
  const names = fc.uniqueArray(
    fc.string({ unit: fc.constantFrom('a', 'b', 'm', '-', '.', ' ', '4', '界'), minLength: 1, maxLength: 60 }),
    {
      minLength: 1,
      maxLength: 10,
    },
  );
  fc.assert(
    fc.property(names, (all) => {
      const short = shortenNames(all, 100, 12);
      t.is(new Set(short).size, all.length, short.join(' | '));
      for (const name of short) t.true(estimateWidth(name, 12) <= 100.01, name);
    }),
  );
});

test('no character is cut in two', (t) => {
  const short = shortenTo('👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻 and files', 90, 12);
  t.true(short.isWellFormed());
  t.true(short.startsWith('👩‍💻') && short.includes('…'));
});
