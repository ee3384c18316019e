/** The rows of the table, in its order. */

import type { BenchRow } from '../bench-row.ts';
import { GET_2500 } from './get-2500.ts';
import { HTTPG_5000 } from './httpg-5000.ts';
import { HTTPG_NEW_CONNECTION } from './httpg-new-connection.ts';
import { SRM_LS_ROWS } from './srm-ls.ts';
import { START_SKEW_ROWS } from './start-skew.ts';
import { TEN_MILLION } from './ten-million.ts';
import { WAITING_30000 } from './waiting-30000.ts';

export const ROWS: readonly BenchRow[] = [
  WAITING_30000,
  HTTPG_NEW_CONNECTION,
  HTTPG_5000,
  ...SRM_LS_ROWS,
  GET_2500,
  ...START_SKEW_ROWS,
  TEN_MILLION,
];
