/** The rows of the table, in its order. */

import type { BenchRow } from '../bench-row.ts';
import { SRM_LS_ROWS } from './srm-ls.ts';

export const ROWS: readonly BenchRow[] = [...SRM_LS_ROWS];
