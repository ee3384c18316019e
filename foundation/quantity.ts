/** Durations and shares as people write them ('300ms', '98%'), and back. */

const MS_PER_UNIT = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 } as const;

/** What a duration looks like in a config. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)\s?(ms|s|min|h)$/;
/** What a share looks like in a config. */
export const SHARE_PATTERN = /^(\d+(?:\.\d+)?)\s?%$/;

/** What an amount of memory looks like in a config; a MB has a million bytes. */
export const SIZE_PATTERN = /^(\d+(?:\.\d+)?)\s?(MB|GB)$/;

const BYTES_PER_UNIT = { MB: 1e6, GB: 1e9 } as const;

/** Bytes of a size such as '512 MB'; undefined when it is none. */
export function parseSizeBytes(text: string): number | undefined {
  const match = SIZE_PATTERN.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * BYTES_PER_UNIT[match[2] as keyof typeof BYTES_PER_UNIT];
}

/** Milliseconds of a duration such as '300ms', '20s', '5min' or '8h'; undefined when it is none. */
export function parseDurationMs(text: string): number | undefined {
  const match = DURATION_PATTERN.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * MS_PER_UNIT[match[2] as keyof typeof MS_PER_UNIT];
}

/** A share such as '98%' as a fraction (0.98); undefined when it is none. */
export function parseShare(text: string): number | undefined {
  const match = SHARE_PATTERN.exec(text);
  return match === null ? undefined : Number(match[1]) / 100;
}

/** A span for people: '12 ms', '4.2 s', '3:05' (minutes), '4 h 50 min'. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1) return `${durationMs.toFixed(2)} ms`;
  if (durationMs < 10) return `${durationMs.toFixed(1)} ms`;
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(durationMs < 10_000 ? 1 : 0)} s`;
  const totalS = Math.round(durationMs / 1000);
  if (totalS < 3600) return `${Math.floor(totalS / 60)}:${String(totalS % 60).padStart(2, '0')}`;
  const totalMin = Math.round(totalS / 60);
  return `${Math.floor(totalMin / 60)} h ${totalMin % 60} min`;
}

/** A share for people: '44 %', '0.2 %'. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return '< 0.1 %';
  // What is not all is not said to be.
  if (percent >= 99.5 && percent < 100) return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
  return `${percent !== 0 && Math.abs(percent) < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}
