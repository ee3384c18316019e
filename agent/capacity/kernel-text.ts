/** Numbers out of the kernel's texts under /proc; null wherever a text is missing or says something else. */

/** One whole number, as most of /proc/sys has them. */
export function parseWhole(text: string | null): number | null {
  return text !== null && /^\d+\s*$/.test(text) ? toWhole(text) : null;
}

/** All numbers of a line with blanks in between; null unless there are exactly so many. */
export function parseWholes(text: string | null, howMany: number): number[] | null {
  const numbers = (text ?? '').trim().split(/\s+/).map(toWhole);
  return numbers.length === howMany && numbers.every((number) => number !== null) ? numbers : null;
}

/** Soft and hard limit of open files from /proc/self/limits. `unlimited` can't be: fs.nr_open bounds both. */
export function parseOpenFiles(limits: string | null): { soft: number | null; hard: number | null } {
  const [, soft, hard] = /^Max open files\s+(\d+)\s+(\d+)\s/m.exec(limits ?? '') ?? [];
  return { soft: toWhole(soft), hard: toWhole(hard) };
}

/** Bytes of one line of /proc/meminfo, which counts in units of 1024. */
export function parseMemoryLine(meminfo: string | null, name: string): number | null {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo ?? '')?.[1];
  const number = toWhole(kibibytes);
  return number === null ? null : number * 1024;
}

const CAP_SYS_RESOURCE = 24n;

/** Whether a process with this /proc/self/status may raise its hard limits. */
export function mayRaiseLimits(status: string | null): boolean | null {
  const effective = /^CapEff:\s+([\da-f]+)$/m.exec(status ?? '')?.[1];
  return effective === undefined ? null : (BigInt(`0x${effective}`) >> CAP_SYS_RESOURCE) % 2n === 1n;
}

/** Ephemeral ports from ip_local_port_range and ip_local_reserved_ports. */
export function parsePorts(
  range: string | null,
  reserved: string | null,
): { lowest: number; highest: number; reserved: number } | null {
  const [lowest, highest] = parseWholes(range, 2) ?? [];
  // An empty list is one of no ports; a kernel without the file can't reserve any.
  const taken = (reserved ?? '').trim() === '' ? [] : parseRanges((reserved as string).trim());
  if (lowest === undefined || highest === undefined || highest < lowest || taken === null) return null;
  const within = taken.map(([from, to]) => Math.min(to, highest) - Math.max(from, lowest) + 1);
  return { lowest, highest, reserved: within.reduce((sum, ports) => sum + Math.max(0, ports), 0) };
}

/** `0-1,4` as pairs; null when it is anything else. The kernel writes them in order, and none twice. */
function parseRanges(list: string | null): [from: number, to: number][] | null {
  const ranges = (list ?? '').split(',').map((part): [number, number] | null => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    const [first, last] = [toWhole(from), toWhole(to)];
    return first === null || last === null || last < first ? null : [first, last];
  });
  return ranges.every((range) => range !== null) ? ranges : null;
}

/** Beyond what a number can hold, a limit is none that would ever be met; it is kept as the largest one. */
function toWhole(text: string | undefined): number | null {
  if (text === undefined || !/^\d+\s*$/.test(text)) return null;
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}
