/** About how wide a text will be drawn, without a font at hand: enough to keep labels apart. */

const NARROW = /[iljtfrI.,:;|!'()[\]\s-]/;
const WIDE = /[mwMW@%—]/;
const CAPITAL_OR_DIGIT = /[A-Z0-9–_+=<>~$#&?]/;
/** East Asian scripts and pictures take a square. */
const SQUARE = /[\u1100-\u115F\u2E80-\uFFEF]|[\u{1F000}-\u{1FFFF}]/u;

/** What a reader takes for one character. */
const SEGMENTS = new Intl.Segmenter();

/** Pixels of a text in a common sans serif at this font size; a little more than most fonts take. */
export function estimateWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) ems += emsOf(character);
  return ems * fontSize;
}

function emsOf(character: string): number {
  if (SQUARE.test(character)) return 1.05;
  if (NARROW.test(character)) return 0.37;
  if (WIDE.test(character)) return 0.93;
  return CAPITAL_OR_DIGIT.test(character) ? 0.66 : 0.6;
}

/** The text, or its two ends with an ellipsis between: names that are long differ at either end. */
export function shortenTo(text: string, width: number, fontSize: number): string {
  if (estimateWidth(text, fontSize) <= width) return text;
  const characters = Array.from(SEGMENTS.segment(text), ({ segment }) => segment);
  for (let kept = characters.length - 1; kept > 1; kept -= 1) {
    const head = Math.ceil(kept / 2);
    const tail = characters.slice(characters.length - (kept - head));
    const shortened = `${characters.slice(0, head).join('')}…${tail.join('')}`.replaceAll(/…+/g, '…');
    if (estimateWidth(shortened, fontSize) <= width) return shortened;
  }
  return `${characters[0] ?? ''}…`;
}
