/** Whatever comes, both transports make the same of it. */

import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import * as fc from 'fast-check';
import { hang, startLoopbackServer } from '../../../support/loopback-server.ts';
import { type Transport } from '../transports.ts';
import { mutatedAnswer } from './mutated-answer.ts';
import { CONNECTIONS, observe } from './observe.ts';
import { type Step, end, reset, unlessOver, untilRead } from './raw-answer.ts';

/** The same at every run, so that a failure is one of the code. */
const SEED = 20_260_101;
const RUNS = 1500;

/** undici takes the spaces for digits. */
const LENGTH_BEFORE_SPACES = /content-length:[^\r\n]*\d +\r/i;

/** After a HEAD undici looks at Connection alone, its parser at both, and the next answer suffers. */
const PROXY_CONNECTION = /proxy-connection/i;

const circumstances = fc.record({
  connection: fc.constantFrom(...CONNECTIONS),
  method: fc.constantFrom('POST', 'POST', 'HEAD'),
  last: fc.constantFrom('end', 'reset'),
});

test('random answers mean the same to both transports, byte for byte', async (t) => {
  const server = await startLoopbackServer(t, hang);
  const readBy = { undici: 0, direct: 0 };
  await fc.assert(
    fc.asyncProperty(mutatedAnswer, circumstances, async (pieces, { last, ...facts }) => {
      const bytes = pieces.join('');
      fc.pre(!LENGTH_BEFORE_SPACES.test(bytes) && !(facts.method === 'HEAD' && PROXY_CONNECTION.test(bytes)));
      const steps: Step[] = [
        ...pieces.flatMap((piece) => [piece, untilRead]),
        unlessOver(last === 'end' ? end : reset),
      ];
      const see = async (transport: Transport) => {
        const { observed, carriedBy } = await observe(server, steps, { transport, ...facts });
        // What is left to undici costs the connection.
        const isLeft = transport === 'direct' && carriedBy.undici > 0;
        return { observed, isLeft };
      };
      const direct = await see('direct');
      const { observed: undici } = await see('undici');
      if (direct.isLeft) undici.next.connection = 'new';
      if (!isDeepStrictEqual(direct.observed, undici))
        throw new Error(`direct and undici: ${JSON.stringify([direct.observed, undici], null, 1)}`);
      if (undici.outcome !== 'malformed' && undici.outcome !== 'reset')
        readBy[direct.isLeft ? 'undici' : 'direct'] += 1;
    }),
    { seed: SEED, numRuns: RUNS },
  );
  t.true(readBy.direct > RUNS / 10, 'many were read directly');
  t.true(readBy.undici > RUNS / 50, 'some were good, but unusual');
});
