/** The one way in which reading a SOAP message fails. */

/** The bytes are no well-formed XML, end too early, go beyond what a message may hold, or don't say what they should. */
export class UnreadableSoapError extends Error {
  override readonly name = 'UnreadableSoapError';
}
