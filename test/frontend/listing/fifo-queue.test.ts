import test from 'ava';
import * as fc from 'fast-check';
import { createFifoQueue } from '../../../frontend/listing/fifo-queue.ts';

test('members come out in the order in which they went in, without those who have left', (t) => {
  const step = fc.oneof(fc.constant('push' as const), fc.constant('shift' as const), fc.nat({ max: 20 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = createFifoQueue<number>();
      const model: number[] = [];
      const leave: (() => boolean)[] = [];
      for (const what of steps) {
        t.is(queue.first(), model[0]);
        if (what === 'push') {
          model.push(leave.length);
          leave.push(queue.push(leave.length));
        } else if (what === 'shift') {
          t.is(queue.shift(), model.shift());
        } else if (what < leave.length) {
          const place = model.indexOf(what);
          if (place !== -1) model.splice(place, 1);
          t.is(leave[what]?.(), place !== -1);
        }
      }
      for (const left of model) t.is(queue.shift(), left);
      t.is(queue.shift(), undefined);
    }),
  );
});
