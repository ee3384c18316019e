import test, { type ExecutionContext } from 'ava';
import { readContainerOptions } from '../../../frontend/container/container-options.ts';
import { type FrontendOptions, startFrontend } from '../../../frontend/main.ts';
import { makeDirectory } from '../fresh-directory.ts';

type Wish = Parameters<typeof readContainerOptions>[0];

test('a container has 256 threads, a queue without limit and no bound of memory unless told', (t) => {
  t.deepEqual(readContainerOptions({ httpg: true, container: 'bestman2' }), {
    container: {
      kind: 'bestman2',
      threads: 256,
      queueSize: Infinity,
      whenQueueFull: 'reset',
      nestedAuthorization: 'same-pool',
      lockOverCallOut: true,
      heapBytes: Infinity,
    },
  });
});

test('without a container there is none, even where the defaults of one are told', (t) => {
  t.deepEqual(readContainerOptions({}), { container: null });
  t.deepEqual(
    readContainerOptions({
      maxContainerThreads: 256,
      whenQueueFull: 'reset',
      nestedAuthorization: 'same-pool',
      lockOverCallOut: true,
    }),
    { container: null },
  );
});

function isRefused(t: ExecutionContext, options: Wish, problem: string): void {
  t.deepEqual(readContainerOptions(options), { problem });
}
const [bestman, bestman2] = [
  { httpg: true, container: 'bestman' },
  { httpg: true, container: 'bestman2' },
] as const;
const odd = (option: object): Wish => ({ ...bestman2, ...option });

test(
  'a container without httpg is refused',
  isRefused,
  { container: 'bestman' },
  'container is for httpg, which is not asked for',
);
test(
  'threads without a container are refused',
  isRefused,
  { httpg: true, maxContainerThreads: 10 },
  'maxContainerThreads is for a container, which is not asked for',
);
test(
  'a heap without a container is refused',
  isRefused,
  { maxJavaHeapBytes: 5e9 },
  'maxJavaHeapBytes is for a container, which is not asked for',
);
test(
  'a queue of bestman is refused',
  isRefused,
  { ...bestman, connectorQueueSize: 5 },
  'connectorQueueSize is for the container bestman2, this one is bestman',
);
test(
  'a lock of bestman is refused',
  isRefused,
  { ...bestman, lockOverCallOut: false },
  'lockOverCallOut is for the container bestman2, this one is bestman',
);
test(
  'nested authorization of bestman2 is refused',
  isRefused,
  { ...bestman2, nestedAuthorization: 'own-pool' },
  'nestedAuthorization is for the container bestman, this one is bestman2',
);
test(
  'what to do about a full queue is refused for one that is never full',
  isRefused,
  { ...bestman2, whenQueueFull: 'refuse' },
  'whenQueueFull is for a queue with a limit, connectorQueueSize, which is not given',
);
test(
  'an unknown container is refused',
  isRefused,
  odd({ container: 'tomcat' }),
  `container is 'bestman' or 'bestman2'; got "tomcat"`,
);
test(
  'half a thread is refused',
  isRefused,
  odd({ maxContainerThreads: 0.5 }),
  'maxContainerThreads is a whole number from 1; got 0.5',
);
test(
  'a queue of none is refused',
  isRefused,
  odd({ connectorQueueSize: 0 }),
  'connectorQueueSize is a whole number from 1; got 0',
);
test(
  'a heap too small for one connection is refused',
  isRefused,
  odd({ maxJavaHeapBytes: 2_499_999 }),
  'maxJavaHeapBytes has room for one connection at least, 2500000; got 2499999',
);

test('a frontend that is told what does not go together does not start', async (t) => {
  const options: FrontendOptions = { root: makeDirectory(t), port: 0, fsConcurrency: 1, container: 'bestman' };
  await t.throwsAsync(startFrontend(options), {
    code: 'GT_FRONTEND_OPTIONS',
    message: 'container is for httpg, which is not asked for',
  });
});
