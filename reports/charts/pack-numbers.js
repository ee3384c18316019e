/** Whole columns of numbers in few characters: most of what a cell counted is zero. Runs in the browser as well. */
/** '1*20 0*3 7 -': runs of a value with their length, '-' for null. */
export function packNumbers(values) {
  const runs = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last !== undefined && last.value === value) last.length += 1;
    else runs.push({ value, length: 1 });
  }
  return runs.map(({ value, length }) => `${value ?? '-'}${length > 1 ? `*${length}` : ''}`).join(' ');
}
export function unpackNumbers(packed) {
  if (packed === '') return [];
  return packed.split(' ').flatMap((run) => {
    const [value, length = '1'] = run.split('*');
    return Array.from({ length: Number(length) }, () => (value === '-' ? null : Number(value)));
  });
}
