import test from 'ava';
import * as fc from 'fast-check';
import type { RepeatedRequest } from '../../../scenarios/http/http-client.ts';
import { RequestBytes } from '../../../scenarios/http/request-bytes.ts';

const HEADERS = ['user-agent', 'test', 'x-kind', 'é'];
const BODIES = [null, Buffer.from(''), Buffer.from('a body'), Buffer.alloc(40_000, 'b')];
const name = fc.string({ unit: fc.constantFrom('a', '/', '7'), maxLength: 6 });

/** What a request without any sharing would be. */
function written({ method, path, headers, operation, body }: RepeatedRequest, host: string): string {
  const fields = headers.flatMap((field, index) => (index % 2 === 0 ? [`${field}: ${headers[index + 1]}\r\n`] : []));
  const length = body === null && method !== 'POST' ? '' : `content-length: ${body?.length ?? 0}\r\n`;
  const named = operation === null ? '' : `glidetester-operation: ${operation}\r\n`;
  const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n${fields.join('')}`;
  return `${head}${length}${named}\r\n${body?.toString('latin1') ?? ''}`;
}

test('whoever shares them, and whatever was on its way, the bytes are those of the request', (t) => {
  const step = fc.record({
    client: fc.nat(2),
    operation: fc.option(name),
    body: fc.nat(BODIES.length - 1),
    isOnItsWay: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const headers = [...HEADERS];
      const clients = [0, 1, 2].map((number) => {
        const request: RepeatedRequest = {
          method: number === 2 ? 'GET' : 'POST',
          path: '/p',
          headers,
          operation: null,
          body: null,
        };
        const host = `h${number % 2}`;
        return { request, host, bytes: new RequestBytes(request, host) };
      });
      const onTheirWay: [Buffer, string][] = [];
      for (const { client, operation, body, isOnItsWay } of steps) {
        const { request, host, bytes } = clients[client] as (typeof clients)[number];
        request.operation = operation;
        request.body = BODIES[body] as Buffer | null;
        const current = bytes.current();
        const whole = current.toString('latin1') + (bytes.bodyApart?.toString('latin1') ?? '');
        if (whole !== written(request, host)) return false;
        if (!isOnItsWay) continue;
        bytes.leave();
        onTheirWay.push([current, current.toString('latin1')]);
      }
      // Nobody has written over what was on its way.
      return onTheirWay.every(([bytes, text]) => bytes.toString('latin1') === text);
    }),
  );
  t.pass();
});

test('what HTTP does not allow in a header is refused', (t) => {
  const request = { method: 'GET' as const, path: '/', headers: ['x', 'a\r\nb: c'], operation: null, body: null };
  t.throws(() => new RequestBytes(request, 'h').current(), { instanceOf: TypeError });
  const named = { ...request, headers: [], operation: 'a\n' };
  t.throws(() => new RequestBytes(named, 'h').current(), { instanceOf: TypeError });
});
