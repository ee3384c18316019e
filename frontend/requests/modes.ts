/** How the service answers srmLs: what differs between the SRM servers that clients meet. */

import type { AnswerForm } from '../../scenarios/srm/write-answer.ts';

export type Modes = {
  answers: AnswerForm;
  /** srmLs is queued and answered with a token at once, as by dCache when it takes long. */
  asynchronous: boolean;
  /**
   * A directory with more entries must be asked for page by page, as at dCache; null: there is no such limit, and offset and
   * count are ignored, as by BeStMan's gateway (on purpose, since srmcp always sends them).
   */
  mostEntries: number | null;
};

export const DEFAULT_MODES: Modes = { answers: 'inline', asynchronous: false, mostEntries: null };
