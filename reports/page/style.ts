/** The report's style sheet: light and dark by the reader's setting, one column on a phone, plain on paper. */

import { BASE } from './style/base.ts';
import { CHARTS } from './style/charts.ts';
import { FIGURES } from './style/figures.ts';
import { FIRST_LOOK } from './style/first-look.ts';
import { PRINT } from './style/print.ts';
import { TABLES } from './style/tables.ts';

export const STYLE_SHEET = [BASE, FIRST_LOOK, TABLES, FIGURES, CHARTS, PRINT].join('');
