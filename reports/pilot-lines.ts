/** The pilots of a campaign, each over all its cells. */

import type { GeneratorHealth, PilotEvidence } from './evidence.ts';

export type PilotLine = Pick<PilotEvidence, 'id' | 'site' | 'host'> & {
  /** Cells that it held clients in. */
  cells: number;
  /** The most clients that it held at once. */
  clientsAtMost: number;
  /** The cell in which it was lost; null: it stayed. */
  lostIn: string | null;
  /** The worst of each figure over its cells, and the cell that had it busiest; null: it never told. */
  worst: (GeneratorHealth & { busiestCell: string }) | null;
  clockMethod: PilotEvidence['clock']['method'];
  clockErrorMsAtMost: number;
};
