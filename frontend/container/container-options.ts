/** What a container can be told, and what of it has a meaning together. */

export type ContainerKind = 'bestman' | 'bestman2';

/** As they are given; all of them need `container`. */
export type ContainerWish = {
  /** The threads that connections are served by: `bestman` as in Globus, `bestman2` as in Jetty. Left out: there are none. */
  container?: ContainerKind;
  /** BeStMan's name: connections that are served at once, from before their handshake to their end. 256 unless told. */
  maxContainerThreads?: number;
  /** bestman2: connections that may wait for a thread (ConnectorAcceptQueueSize); left out: without limit. */
  connectorQueueSize?: number;
  /** bestman2: the connection that finds the queue full is reset; or so is it, and then the listener is closed till the queue is empty. */
  whenQueueFull?: 'reset' | 'refuse';
  /** bestman: whether authorization takes a second thread of the connections' pool, as in BeStMan, or of one of its own. */
  nestedAuthorization?: 'same-pool' | 'own-pool';
  /**
   * bestman2: whether the global lock around the identity look-up is held while the mapping service is asked or the grid-mapfile
   * loaded. It is unless told: our hypothesis for what makes the plateau that was measured, and no known fact.
   */
  lockOverCallOut?: boolean;
  /** BESTMAN_MAX_JAVA_HEAP: each connection takes 2.5 MB of it; left out: without limit. */
  maxJavaHeapBytes?: number;
};

type WishBesideHttpg = ContainerWish & { httpg?: boolean };

export type ContainerOptions = {
  kind: ContainerKind;
  threads: number;
  /** Infinity: without limit. */
  queueSize: number;
  whenQueueFull: 'reset' | 'refuse';
  nestedAuthorization: 'same-pool' | 'own-pool';
  lockOverCallOut: boolean;
  /** Infinity: without limit. */
  heapBytes: number;
};

/** The paper's 5 GB for 2000 clients. */
export const HEAP_BYTES_PER_CONNECTION = 2_500_000;

const DEFAULTS = {
  maxContainerThreads: 256,
  connectorQueueSize: undefined,
  whenQueueFull: 'reset',
  nestedAuthorization: 'same-pool',
  lockOverCallOut: true,
  maxJavaHeapBytes: undefined,
} as const;

/** What means something for one kind only. */
const ONLY_FOR: Partial<Record<keyof typeof DEFAULTS, ContainerKind>> = {
  connectorQueueSize: 'bestman2',
  whenQueueFull: 'bestman2',
  lockOverCallOut: 'bestman2',
  nestedAuthorization: 'bestman',
};

const CHOICES = {
  container: ['bestman', 'bestman2'],
  whenQueueFull: ['reset', 'refuse'],
  nestedAuthorization: ['same-pool', 'own-pool'],
} as const;

/** How options can't be used together, in words; or what they come to (null: no container). Saying a default is never wrong. */
export function readContainerOptions(
  options: WishBesideHttpg,
): { problem: string } | { container: ContainerOptions | null } {
  const problem = findUnknownChoice(options) ?? findIdle(options) ?? findWrongNumber(options);
  if (problem !== null) return { problem };
  const { container: kind } = options;
  if (kind === undefined) return { container: null };
  return {
    container: {
      kind,
      threads: options.maxContainerThreads ?? DEFAULTS.maxContainerThreads,
      queueSize: options.connectorQueueSize ?? Infinity,
      whenQueueFull: options.whenQueueFull ?? DEFAULTS.whenQueueFull,
      nestedAuthorization: options.nestedAuthorization ?? DEFAULTS.nestedAuthorization,
      lockOverCallOut: options.lockOverCallOut ?? DEFAULTS.lockOverCallOut,
      heapBytes: options.maxJavaHeapBytes ?? Infinity,
    },
  };
}

function findUnknownChoice(options: WishBesideHttpg): string | null {
  for (const [name, known] of Object.entries(CHOICES)) {
    const value = options[name as keyof typeof CHOICES];
    if (value === undefined || (known as readonly string[]).includes(value)) continue;
    return `${name} is ${known.map((choice) => `'${choice}'`).join(' or ')}; got ${JSON.stringify(value)}`;
  }
  return null;
}

function findIdle(options: WishBesideHttpg): string | null {
  const { container: kind } = options;
  const told = (Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]).filter(
    (name) => options[name] !== undefined && options[name] !== DEFAULTS[name],
  );
  if (kind === undefined) return told[0] === undefined ? null : `${told[0]} is for a container, which is not asked for`;
  if (options.httpg !== true) return 'container is for httpg, which is not asked for';
  const foreign = told.find((name) => (ONLY_FOR[name] ?? kind) !== kind);
  if (foreign !== undefined) return `${foreign} is for the container ${ONLY_FOR[foreign]}, this one is ${kind}`;
  if (told.includes('whenQueueFull') && options.connectorQueueSize === undefined) {
    return 'whenQueueFull is for a queue with a limit, connectorQueueSize, which is not given';
  }
  return null;
}

function findWrongNumber({
  maxContainerThreads = 1,
  connectorQueueSize = 1,
  maxJavaHeapBytes,
}: ContainerWish): string | null {
  for (const [name, value] of Object.entries({ maxContainerThreads, connectorQueueSize })) {
    if (!Number.isSafeInteger(value) || value < 1) return `${name} is a whole number from 1; got ${value}`;
  }
  if (maxJavaHeapBytes !== undefined && !(maxJavaHeapBytes >= HEAP_BYTES_PER_CONNECTION)) {
    return `maxJavaHeapBytes has room for one connection at least, ${HEAP_BYTES_PER_CONNECTION}; got ${maxJavaHeapBytes}`;
  }
  return null;
}
