/** What doctor says of one resource in one place: what there is, what the campaign asks for, and the one setting that would help. */

export type Resource = 'descriptors' | 'ports' | 'connection-rate' | 'accept-queue' | 'memory' | 'cores' | 'health';

/** `tight`: it can be held, but something may spoil it; `unknown`: the place does not tell what it has. */
export type Verdict = 'fits' | 'tight' | 'too-small' | 'unknown';

/** `has` and `needs` count open files, ports, new connections a second, connections that wait, bytes, cores, or figures of health. */
export type Finding = {
  resource: Resource;
  /** A site, the target, or the host that several of them share. */
  where: string;
  has: number | null;
  needs: number | null;
  verdict: Verdict;
  /** One sentence without a full stop. */
  says: string;
  /** The one setting that would help, as it is typed; null: none is needed, or none is known. */
  fix: string | null;
};

/** Beyond this share of what there is, it is called tight. */
const TIGHT_FROM = 0.9;

/** By the two numbers alone. */
export function compare({ has, needs }: { has: number | null; needs: number }): Verdict {
  if (has === null) return 'unknown';
  if (needs > has) return 'too-small';
  return needs > has * TIGHT_FROM ? 'tight' : 'fits';
}

/** What would fit `needs` without being tight: what a fix names. */
export function withHeadroom(needs: number): number {
  return Math.ceil(needs / TIGHT_FROM);
}

/** How much of `has` may be taken before it is tight. */
export function comfortableOf(has: number): number {
  return Math.floor(has * TIGHT_FROM);
}

/** Whether something would help. */
export function isShort(verdict: Verdict): boolean {
  return verdict === 'tight' || verdict === 'too-small';
}
