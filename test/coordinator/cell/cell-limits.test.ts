import test from 'ava';
import {
  longestCellMs,
  longestLoadMs,
  preparedWithinMs,
  startSpreadMs,
} from '../../../coordinator/cell/cell-limits.ts';
import type { TargetConfig } from '../../../coordinator/config/schema.ts';
import { sampleConfig } from '../config/sample-config.ts';

const TIMING = {
  warmUp: { atMost: '4s' },
  window: { atMost: '1min' },
  drain: '30s',
  recovery: { within: '2min' },
};

test('the load lasts at the longest from T0 over the spread start to the end of the drain', (t) => {
  t.is(longestLoadMs(sampleConfig({ timing: TIMING })), 94_000);
  const spread = sampleConfig({ timing: TIMING, 'load.start': { within: '3s' } });
  t.is(startSpreadMs(spread), 3000);
  t.is(longestLoadMs(spread), 97_000);
});

test('the cell begins with the connections that pilots open and ends with the last probe', (t) => {
  const config = sampleConfig({ timing: TIMING, 'target.timeouts': { connect: '7s', handshake: '8s' } });
  const slackMs = longestCellMs(config, config.target as TargetConfig, 0) - (7000 + 8000 + 94_000 + 120_000);
  t.true(slackMs > 0 && slackMs <= 60_000, `slack ${slackMs} ms`);
});

test('the more clients a pilot has, the longer it may take to prepare them', (t) => {
  const timeoutsMs = { connect: 7000, handshake: 8000 };
  t.true(preparedWithinMs(timeoutsMs, 1) >= 15_000);
  t.true(preparedWithinMs(timeoutsMs, 15_000) >= preparedWithinMs(timeoutsMs, 1) + 60_000);
});
