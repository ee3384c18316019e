/** Drawings made fit for a page that has many: the same bytes for the same page, and no more of them than an eye can see. */

/** A text that is shown never has a `<` or a quote of its own: those are escaped. */
const DRAWING = /<svg [\s\S]*?<\/svg>/g;
const CLIP = /( id="| clip-path="url\(#)clip(\d+)/g;
const COORDINATES = / (?:d|transform|x|y|[xy][12]|width|height|r)="[^"]*"/g;
/** A hundredth of a pixel is enough. */
const SUPERFLUOUS_DIGITS = /(\.\d\d)\d+/g;
/** What a drawing says to a screen reader it says as a whole, by the element around it. */
const SUPERFLUOUS = / role="graphics-(?:object|symbol)"| aria-hidden="true"/g;

/**
 * Numbers the clips of all drawings anew, in the order in which they stand in the page, whatever was drawn before in this process;
 * rounds coordinates.
 */
export function tidyDrawings(page: string): string {
  const numbers = new Map<string, number>();
  return page.replaceAll(DRAWING, (drawing) =>
    drawing
      .replaceAll(CLIP, (_, before: string, clip: string) => {
        const number = numbers.get(clip) ?? numbers.size + 1;
        numbers.set(clip, number);
        return `${before}clip${number}`;
      })
      .replaceAll(COORDINATES, (attribute) => attribute.replaceAll(SUPERFLUOUS_DIGITS, '$1'))
      .replaceAll(SUPERFLUOUS, ''),
  );
}
