/** The base of every error that a user may see: what was expected, what came, where, and what to do. */

/** Options of a {@link GlideTesterError}. */
export type GlideTesterErrorOptions = {
  /** What the reader can do about it, one sentence. */
  hint?: string;
  /** The error that led to this one. */
  cause?: unknown;
};

/**
 * An error with a stable code (`GT_…`, listed in `docs/errors.md`) and a hint.
 * Anything thrown that is no GlideTesterError is a bug and is shown with its stack.
 */
export class GlideTesterError extends Error {
  override readonly name = 'GlideTesterError';
  readonly code: `GT_${string}`;
  readonly hint: string | undefined;

  constructor(code: `GT_${string}`, message: string, options: GlideTesterErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** The message of anything thrown, without a stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The system error code (`ECONNREFUSED`, …) of anything thrown, or undefined. */
export function systemCodeOf(thrown: unknown): string | undefined {
  const code = (thrown as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
