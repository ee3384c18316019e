/** Recovery in words and numbers. */

import { formatCount, formatQuantity } from '../format-number.ts';
import type { Level, TimeUnit } from '../series.ts';
import type { CellSummary } from '../summary.ts';
import type { FigureTable } from './figure.ts';
import type { TargetGroup } from './target-groups.ts';
import { formatInUnit, formatTime } from './words.ts';

export function hasTried({ cells }: Level): boolean {
  return cells.some(wasTried);
}

/** Whether it was tried to find out if the service recovers. */
export function wasTried({ recoveryMs, hung }: CellSummary): boolean {
  return recoveryMs !== null || hung !== null;
}

export function describeRecovery(tried: readonly CellSummary[], unit: TimeUnit): string {
  const back = tried.flatMap(({ recoveryMs, level }) => (recoveryMs === null ? [] : [{ recoveryMs, level }]));
  const cells = formatQuantity(tried.length, 'cell');
  const [first] = back;
  if (first === undefined) return `The service did not answer as before after any of ${cells}.`;
  const slowest = back.reduce((a, b) => (b.recoveryMs > a.recoveryMs ? b : a), first);
  const within = `within ${formatTime(slowest.recoveryMs, unit)}`;
  if (tried.length === 1) return `After its one cell the service answered as before ${within}.`;
  const which = back.length === tried.length ? `each of ${cells}` : `${formatCount(back.length)} of ${cells}`;
  const sentence = `After ${which} the service answered as before ${within} (slowest at level ${formatCount(slowest.level)}).`;
  return sentence + describeNever(tried);
}

function describeNever(tried: readonly CellSummary[]): string {
  const never = tried.filter(({ recoveryMs }) => recoveryMs === null).map(({ level }) => level);
  if (never.length === 0) return '';
  const [lowest, highest] = [Math.min(...never), Math.max(...never)].map(formatCount);
  return ` After ${formatCount(never.length)} it never did: level ${lowest === highest ? lowest : `${lowest} to ${highest}`}.`;
}

export function tabulateRecovery(groups: readonly TargetGroup[], unit: TimeUnit): FigureTable {
  const rows = groups.flatMap(({ series }) =>
    series.flatMap(({ label, levels }) =>
      levels.flatMap(({ level, cells }) =>
        cells
          .filter(wasTried)
          .map(({ run, recoveryMs }) => [
            label,
            formatCount(level),
            formatCount(run),
            recoveryMs === null ? 'never' : formatInUnit(recoveryMs, unit),
          ]),
      ),
    ),
  );
  return { columns: ['series', 'level', 'run', `recovery (${unit.name})`], rows };
}
