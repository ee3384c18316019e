/** What a SOAP message may at most hold: room for every real listing, and an end to every hostile one. */

export const XML_LIMITS = {
  /** 100,000 entries as BeStMan writes them have 165 MB. */
  documentBytes: 256 * 1024 * 1024,
  /** Elements inside one another; a listing needs 6, and 2 more for every level of directories. */
  depth: 256,
  attributesPerElement: 64,
  attributeCharacters: 64 * 1024,
  /** Of one element; also all that stands between two tags, comments and attributes included, to within one chunk. */
  textCharacters: 1024 * 1024,
  /** Elements that are kept until the end because ids and hrefs tie them together: about 120 bytes each, beside the document's text. */
  keptElements: 2_000_000,
  /**
   * How often a kept element may be read, taken over all of them: hrefs let few elements stand for many, and hrefs to what holds
   * hrefs let them stand for more than any memory holds. Real answers share constants and statuses: less than 3.
   */
  readingsPerKeptElement: 10,
} as const;
