/** The kinds of values that many keys of the config have. */

import { z } from 'zod';
import { DURATION_PATTERN, SHARE_PATTERN, SIZE_PATTERN } from '../../foundation/quantity.ts';

const DURATION_EXPECTED = "expected a duration with a unit, such as '300ms', '20s', '5min' or '8h'";
const SHARE_EXPECTED = "expected a share with a unit, such as '98%'";

export const duration = (what: string) =>
  z.string(DURATION_EXPECTED).regex(DURATION_PATTERN, DURATION_EXPECTED).describe(what);

export const share = (what: string) => z.string(SHARE_EXPECTED).regex(SHARE_PATTERN, SHARE_EXPECTED).describe(what);

export const count = (what: string) => z.int().positive().describe(what);

/** Core numbers; which of them there are is a rule's matter. */
export const cpus = (what: string) => z.array(z.int().min(0)).min(1).describe(what);

/** Of a file or a directory. */
export const path = (what: string) => z.string().min(1).describe(what);

const SIZE_EXPECTED = "expected a size with a unit, such as '512 MB' or '5 GB'";

export const size = (what: string) => z.string(SIZE_EXPECTED).regex(SIZE_PATTERN, SIZE_EXPECTED).describe(what);
