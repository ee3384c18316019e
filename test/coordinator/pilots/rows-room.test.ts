import test from 'ava';
import { type RowsSender, createRowsRoom } from '../../../coordinator/pilots/rows-room.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

/** A sender that notes what is done to it. */
function createSender(): RowsSender & { done: string[] } {
  const done: string[] = [];
  return {
    done,
    pause: () => void done.push('pause'),
    resume: () => void done.push('resume'),
    paused: () => void done.push('sign'),
  };
}

function createScene() {
  const clock = createVirtualClock();
  return { clock, room: createRowsRoom(clock, 1000, 100), sender: createSender() };
}

test('who sends more than there is room for is paused, and read again when half of the room is free', async (t) => {
  const { clock, room, sender } = createScene();
  const writes = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  room.hold(sender, 60, writes[0].promise);
  t.deepEqual(sender.done, []);
  room.hold(sender, 41, writes[1].promise);
  t.deepEqual(sender.done, ['pause', 'sign']);
  // What its socket had read before it was paused still comes.
  room.hold(sender, 30, writes[2].promise);
  await clock.advance(2500);
  t.deepEqual(sender.done, ['pause', 'sign', 'sign', 'sign']);
  writes[0].resolve();
  await clock.advance(0);
  t.false(sender.done.includes('resume'));
  writes[1].resolve();
  await clock.advance(0);
  t.is(sender.done.at(-1), 'resume');
  t.is(clock.timers(), 0);
});

test('only who sends is paused; rows that are given up make room as written ones do', async (t) => {
  const { clock, room, sender } = createScene();
  const quiet = createSender();
  const failing = Promise.withResolvers<void>();
  const other = createSender();
  room.hold(quiet, 10, Promise.resolve());
  room.hold(sender, 85, failing.promise);
  room.hold(other, 10, failing.promise);
  t.deepEqual([quiet.done, sender.done, other.done], [[], [], ['pause', 'sign']]);
  room.hold(sender, 5, failing.promise);
  t.deepEqual(sender.done, ['pause', 'sign']);
  failing.reject(new Error('disk full'));
  await clock.advance(0);
  t.deepEqual([sender.done.at(-1), other.done.at(-1)], ['resume', 'resume']);
});

test('who is gone is not resumed, and rows that nobody held need no room', async (t) => {
  const { clock, room, sender } = createScene();
  room.hold(sender, 1000);
  t.deepEqual(sender.done, []);
  const writing = Promise.withResolvers<void>();
  room.hold(sender, 1000, writing.promise);
  room.forget(sender);
  t.is(clock.timers(), 0);
  writing.resolve();
  await clock.advance(0);
  t.deepEqual(sender.done, ['pause', 'sign']);
});
