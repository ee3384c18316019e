import test from 'ava';
import { checkAcrossKeys, checkConfig } from '../../../coordinator/config/check-config.ts';
import { findsOne } from './finds-one.ts';
import { SAMPLE_URL_TARGET, changeSample, sampleConfig } from './sample-config.ts';

const SOURCES = 'pools.0.sourceAddresses';
const from = (...sourceAddresses: string[]) => ({ [SOURCES]: sourceAddresses });
const FAR = { target: SAMPLE_URL_TARGET };
const AT_ADDRESS = {
  ...FAR,
  'target.url': 'http://192.0.2.7/',
  'target.permission.host': '192.0.2.7',
};

test('more threads than slots', findsOne, { 'pools.0.threads': 5 }, 'pools.0.threads', ['slotsPerPilot, 4']);
test('a source twice', findsOne, from('127.0.0.2', '127.0.0.2'), SOURCES, ['127.0.0.2 more than once']);
test('sources of both families', findsOne, { ...FAR, ...from('192.0.2.1', '2001:db8::1') }, SOURCES, ['one family']);
test('a source of the wrong family', findsOne, from('::1'), SOURCES, ['version 4']);
test(
  'a source of the wrong family for a name',
  findsOne,
  { ...FAR, 'target.addresses': { family: 6 }, ...from('192.0.2.1') },
  SOURCES,
  ['version 6'],
);
test('a source on loopback, a target off it', findsOne, { ...AT_ADDRESS, ...from('127.0.0.2') }, SOURCES, [
  '192.0.2.7',
]);
test('a source behind a relay', findsOne, { 'pools.0.roundTrip': '1ms', ...from('127.0.0.2') }, SOURCES, ['relay']);
test('a source before a relay', findsOne, { 'target.roundTrip': '1ms', ...from('127.0.0.2') }, SOURCES, ['relay']);
test('sources that fit, threads up to the slots, and resets pass', (t) => {
  const fitting = [
    { ...from('127.0.0.2', '127.0.0.3'), 'pools.0.threads': 4, 'target.connection': { close: 'reset' } },
    { 'target.connection': { perOperation: false, close: 'reset' } },
    { ...AT_ADDRESS, ...from('192.0.2.1') },
    { ...FAR, ...from('2001:db8::1', '2001:db8::2') },
  ];
  for (const changes of fitting) t.deepEqual(checkAcrossKeys(sampleConfig(changes)), []);
});

test('a source is an address, not a name', (t) => {
  const { findings } = checkConfig(changeSample(from('localhost')));
  t.deepEqual(
    findings.map(({ path, expected }) => [path, expected]),
    [[`${SOURCES}.0`, 'an IP address']],
  );
});
