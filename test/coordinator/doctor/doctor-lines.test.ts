import test from 'ava';
import { countVerdicts, describeExamination, describeMachine } from '../../../coordinator/doctor/doctor-lines.ts';
import type { Finding } from '../../../coordinator/doctor/finding.ts';
import { describeCapacity } from '../../../coordinator/doctor/machine-capacity.ts';
import { createPainter } from '../../../coordinator/progress/text.ts';
import { HOST, host } from './sample-scene.ts';

const FINDINGS: Finding[] = [
  {
    resource: 'descriptors',
    where: 'local',
    has: 100,
    needs: 200,
    verdict: 'too-small',
    says: 'a pilot opens 200',
    fix: 'ulimit -n 200',
  },
  { resource: 'ports', where: 'a longer site', has: 9, needs: 1, verdict: 'fits', says: 'all fit', fix: null },
  { resource: 'cores', where: 'local', has: 1, needs: 2, verdict: 'tight', says: 'two on one', fix: null },
  { resource: 'memory', where: 'local', has: null, needs: 2, verdict: 'unknown', says: 'not readable', fix: null },
];
const EXAMINATION = { name: 'small', level: 1200, findings: FINDINGS, hosts: { sites: {}, own: HOST } };

test('a line a finding, aligned, its fix below it', (t) => {
  t.is(
    describeExamination(EXAMINATION, createPainter(false)),
    [
      'small   level 1,200   1 fit, 1 tight, 1 too small, 1 unknown',
      '✗ descriptors  local          a pilot opens 200',
      '                              fix: ulimit -n 200',
      '✓ ports        a longer site  all fit',
      '! cores        local          two on one',
      '? memory       local          not readable',
    ].join('\n'),
  );
});

test('colours are for the signs and the fixes', (t) => {
  const painted = describeExamination(EXAMINATION, createPainter(true));
  t.true(painted.includes('\u001B[31m✗\u001B[39m'));
  t.true(painted.includes('\u001B[1mfix: ulimit -n 200\u001B[22m'));
});

test('only verdicts that there are are counted', (t) => {
  t.is(countVerdicts([{ verdict: 'fits' }, { verdict: 'fits' }]), '2 fit');
  t.is(countVerdicts([]), '');
});

test('a machine without a campaign', (t) => {
  const lines = describeMachine('desk', describeCapacity(HOST)).split('\n');
  t.deepEqual(lines.slice(0, 4), [
    'desk   what this machine can hold',
    'descriptors      a process may open 20,000 files: 19,960 clients on one pilot',
    'ports            28,232 connections at once from one address to one service',
    "connection-rate  up to 470 new connections a second to another machine (a port rests 60 s), 28,232 to this one (1 s); no limit with connection.close 'reset'",
  ]);
});

test('each resource once, and what can not be read is said to be so', (t) => {
  const blind = host({
    descriptors: { soft: null },
    ports: null,
    acceptQueue: null,
    memory: { availableBytes: null },
    cores: { allowed: null },
  });
  const capacity = describeCapacity(blind);
  t.is(new Set(capacity.map(({ resource }) => resource)).size, capacity.length);
  const unread = capacity.filter(({ says }) => says === 'can not be read');
  t.is(unread.length, capacity.length - 1); // health tells what it can
  t.true(unread.every(({ has }) => has === null));
});

test('a cgroup leaves less than the kernel', (t) => {
  const limited = host({ memory: { cgroup: { limitBytes: 2e9, roomBytes: 1e9 } } });
  t.is(describeCapacity(limited).find(({ resource }) => resource === 'memory')?.has, 1e9);
});
