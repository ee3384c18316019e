/* oxlint-disable no-control-regex -- control characters are what is tested */
import test from 'ava';
import type { CampaignEvent } from '../../../coordinator/campaign-event.ts';
import type { ProgressOptions } from '../../../coordinator/progress/show-progress.ts';
import { type TerminalWishes, decideAbilities } from '../../../coordinator/progress/terminal.ts';
import { ENDED, PROGRESS, STARTED, TRIED, WINDOW, finishedCell, openScreen, startedCell } from './sample-events.ts';

const FAILED = finishedCell(2, { state: 'failed', reason: 'service hung' });
const CAMPAIGN: CampaignEvent[] = [
  STARTED,
  TRIED,
  startedCell(1),
  WINDOW,
  PROGRESS,
  finishedCell(1),
  startedCell(2),
  { type: 'warning', text: 'pilot desk-2 left' },
  FAILED,
  ENDED,
];

const CURSOR = /\u001B\[\?25[lh]/g;
const SHOW_CURSOR = '\u001B[?25h';

function show(options: Partial<ProgressOptions>, events: readonly CampaignEvent[] = CAMPAIGN) {
  const screen = openScreen(options);
  for (const event of events) screen.progress.observe(event);
  return screen;
}

/** What a terminal shows in the end: lines that were erased are gone. */
function playTerminal(output: string): string[] {
  const lines = [''];
  for (const part of output.replaceAll(CURSOR, '').split(/(\u001B\[\d+F\u001B\[J|\n)/)) {
    const up = /^\u001B\[(\d+)F/.exec(part)?.[1];
    if (up !== undefined) lines.splice(lines.length - 1 - Number(up), Infinity, '');
    else if (part === '\n') lines.push('');
    else lines.push(`${String(lines.pop())}${part}`);
  }
  return lines;
}

test('a log gets the header, one line a cell, and nothing that moves the cursor', (t) => {
  const { output, clock } = show({});
  const lines = output().trimEnd().split('\n');
  t.deepEqual(
    lines.map((line) => line.trim().split(/ {2,}/)[0]),
    ['glidetester 0.1.0', 'target', 'timeouts', 'plan', 'one op', '# run', '1', 'warning', '2', 'service hung'],
  );
  t.false(output().includes('\u001B'));
  t.is(clock.timers(), 0);
});

test('a log gets a heartbeat each minute and none after the end', (t) => {
  const { progress, clock, output } = show({}, [STARTED, startedCell(1), PROGRESS]);
  const before = output().split('\n').length;
  clock.move(59_999);
  t.is(output().split('\n').length, before);
  clock.move(1);
  t.is(output().split('\n').length, before + 1);
  clock.move(180_000);
  t.is(output().split('\n').length, before + 4);
  t.regex(output(), /cell 1\/4 {3}time left not known yet {3}20 files level 1 run 1/);
  progress.close();
  clock.move(600_000);
  t.is(output().split('\n').length, before + 4);
});

test('a terminal keeps the same lines as a log once the live ones are taken away', (t) => {
  t.deepEqual(playTerminal(show({ redraw: true }).output()), show({}).output().split('\n'));
});

test('a terminal shows the live lines below what is finished', (t) => {
  const lines = playTerminal(show({ redraw: true }, CAMPAIGN.slice(0, 7)).output()).map((line) => line.trim());
  t.deepEqual(
    lines.slice(-5).map((line) => line.split(/ {2,}/)[0]),
    ['1', '2', 'cell 2/4', 'Ctrl-C: stop after draining', ''],
  );
});

test('lines from elsewhere stand above the live ones', (t) => {
  const screen = show({ redraw: true }, CAMPAIGN.slice(0, 5));
  screen.progress.say('stopping');
  const lines = playTerminal(screen.output());
  t.is(lines.indexOf('stopping'), lines.length - 6);
});

for (const [title, end] of [
  ['the campaign ends', (screen: ReturnType<typeof show>) => screen.progress.observe(ENDED)],
  ['it is closed early', (screen: ReturnType<typeof show>) => screen.progress.close()],
] as const) {
  test(`the cursor comes back exactly once when ${title}`, (t) => {
    const screen = show({ redraw: true }, CAMPAIGN.slice(0, 5));
    end(screen);
    screen.progress.close();
    t.is(screen.output().split(SHOW_CURSOR).length, 2);
    t.true(screen.output().endsWith(SHOW_CURSOR));
    t.is(screen.clock.timers(), 0);
  });
}

test('a campaign that never began leaves the terminal alone', (t) => {
  const screen = openScreen({ redraw: true });
  screen.progress.close();
  t.is(screen.output(), '');
});

test('quiet says only what is not ok, even on a terminal', (t) => {
  const { output, clock } = show({ quiet: true, redraw: true });
  t.deepEqual(
    output()
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/)[0]),
    ['warning', '# run', '2', 'service hung'],
  );
  t.is(clock.timers(), 0);
});

test('colours change nothing but colours', (t) => {
  const coloured = show({ colour: true }).output();
  t.true(coloured.includes('\u001B[31mfailed'));
  t.is(coloured.replaceAll(/\u001B\[\d+m/g, ''), show({}).output());
});

type Case = [
  isTty: boolean,
  environment: TerminalWishes['environment'],
  flag: boolean,
  colour: boolean,
  redraw: boolean,
];

const TERMINALS: Case[] = [
  [true, {}, true, true, true],
  [false, {}, true, false, false],
  [true, { TERM: 'dumb' }, true, false, false],
  [true, { NO_COLOR: '1' }, true, false, true],
  [true, { NO_COLOR: '' }, true, true, true],
  [false, { FORCE_COLOR: '1' }, true, true, false],
  [false, { FORCE_COLOR: '' }, true, true, false],
  [true, { FORCE_COLOR: '0' }, true, false, true],
  [true, { FORCE_COLOR: 'false' }, true, false, true],
  [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true, true],
  [true, { FORCE_COLOR: '1' }, false, false, true],
];

for (const [isTty, environment, colourFlag, colour, redraw] of TERMINALS) {
  test(`${isTty ? 'a TTY' : 'a pipe'} with ${JSON.stringify(environment)}${colourFlag ? '' : ' and --no-color'}`, (t) => {
    t.deepEqual(decideAbilities({ isTty, environment, colourFlag }), { colour, redraw });
  });
}
