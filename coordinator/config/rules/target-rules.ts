/** Rules about the target: who permits the load, what is asked of it, and how long it may take to answer. */

import { isIP, isIPv4 } from 'node:net';
import { durationMs } from '../../plan.ts';
import { type Finding, describeValue } from '../problem.ts';
import { readTargetUrl } from '../../target/target-url.ts';
import type { Config, TargetConfig } from '../schema.ts';
import type { UrlTarget } from '../target-schema.ts';
import { type Rule, defineTargetRule, findRepeated } from './rule.ts';

const LONGEST_ANSWER_MS = 30 * 60_000;

export const targetRules: Rule[] = [
  defineTargetRule([], (target) => (target.kind === 'url' ? [...checkPermission(target), ...checkUrl(target)] : [])),
  defineTargetRule(['load'], (target, { load }) =>
    target.kind === 'url' ? checkMostClients(target, Math.max(...load.levels)) : [],
  ),
  defineTargetRule([], (target) => checkTimeouts(target.timeouts)),
  defineTargetRule([], checkMade),
  defineTargetRule(['scenario'], checkServed),
  defineTargetRule(['timing'], checkRestart),
];

/** Whether the literal host of a url is this machine: no name but localhost is looked up or trusted. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function checkPermission({ url, permission }: UrlTarget): Finding[] {
  const { host } = readTargetUrl(url);
  if (permission === undefined) {
    if (isLoopbackHost(host)) return [];
    return [
      {
        path: 'target.permission',
        expected: `permission for a target off loopback (${host})`,
        came: 'nothing',
        fix: `add permission: { host: '${host}', by: '<who answers for the load>', clientsAtMost: <most clients> }`,
      },
    ];
  }
  const findings: Finding[] = [];
  if (withoutBrackets(permission.host) !== host) {
    findings.push({
      path: 'target.permission.host',
      expected: `the host of target.url: ${host}`,
      came: describeValue(permission.host),
      fix: 'make sure that the load is meant for this host, then write the same host in both',
    });
  }
  if (!/^[\x20-\x7e]+$/.test(permission.by)) {
    findings.push({
      path: 'target.permission.by',
      expected: 'printable ASCII, since it is sent in the User-Agent',
      came: describeValue(permission.by),
      fix: 'write an e-mail address, or a name without accents',
    });
  }
  return findings;
}

function withoutBrackets(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}

function checkUrl({ url, addresses }: UrlTarget): Finding[] {
  const { username, password, hash } = new URL(url);
  const { host } = readTargetUrl(url);
  const findings: Finding[] = [];
  if (username !== '' || password !== '' || hash !== '') {
    findings.push({
      path: 'target.url',
      expected: 'host, port, path and query only',
      came: hash === '' ? 'a user name or password' : `a fragment (${hash})`,
      fix: 'remove it: it would not be sent, and the url is kept in the results',
    });
  }
  if (host === '') {
    findings.push({
      path: 'target.url',
      expected: 'a host',
      came: describeValue(url),
      fix: 'write two slashes and the host after the colon, such as httpg://srm.example.org:8443/srm/v2/server',
    });
  }
  const literal = isIP(host);
  if (literal !== 0 && addresses.family !== undefined && addresses.family !== literal) {
    findings.push({
      path: 'target.addresses.family',
      expected: `${literal}, the family of ${host}`,
      came: String(addresses.family),
      fix: 'leave it out, or name the host instead of its address',
    });
  }
  return findings;
}

function checkMostClients({ permission }: UrlTarget, highestLevel: number): Finding[] {
  if (permission === undefined || highestLevel <= permission.clientsAtMost) return [];
  return [
    {
      path: 'target.permission.clientsAtMost',
      expected: `at least the highest level, ${highestLevel}`,
      came: String(permission.clientsAtMost),
      fix: 'drop the levels above it, or ask for a wider permission',
    },
  ];
}

function checkTimeouts(timeouts: TargetConfig['timeouts']): Finding[] {
  const findings = Object.entries(timeouts)
    .filter(([, timeout]) => durationMs(timeout) === 0)
    .map(([name, timeout]) => ({
      path: `target.timeouts.${name}`,
      expected: 'more than 0',
      came: describeValue(timeout),
      fix: 'give the service a time in which it can answer',
    }));
  if (durationMs(timeouts.answer) > LONGEST_ANSWER_MS) {
    findings.push({
      path: 'target.timeouts.answer',
      expected: 'at most 30min',
      came: describeValue(timeouts.answer),
      fix: 'lower it: a service that takes longer has failed, and a row holds no longer span',
    });
  }
  return findings;
}

function checkMade(target: TargetConfig): Finding[] {
  if (target.kind !== 'embedded' || typeof target.root === 'string') return [];
  return findRepeated(target.root.make).map((size) => ({
    path: 'target.root.make',
    expected: 'each size once',
    came: `${size} more than once`,
    fix: `write ${size} once: /d${size} is one directory`,
  }));
}

/** Directories that the frontend makes itself are known by size and path, so a campaign cannot ask for others. */
function checkServed(target: TargetConfig, { scenario }: Pick<Config, 'scenario'>): Finding[] {
  if (scenario.kind !== 'srm-ls' || target.kind !== 'embedded' || typeof target.root === 'string') return [];
  const { make } = target.root;
  return Object.entries(scenario.directories).flatMap(([size, path]): Finding[] => {
    const key = `scenario.directories.${size}`;
    if (!make.includes(Number(size))) {
      return [
        {
          path: key,
          expected: `a size that target.root.make makes: ${make.join(', ')}`,
          came: size,
          fix: `add ${size} to target.root.make, or remove this directory`,
        },
      ];
    }
    if (path === `/d${size}`) return [];
    return [
      {
        path: key,
        expected: `/d${size}, where target.root.make puts ${size} files`,
        came: describeValue(path),
        fix: `write /d${size}, or serve a directory of your own with target.root: '<path>'`,
      },
    ];
  });
}

function checkRestart(target: TargetConfig, { timing }: Pick<Config, 'timing'>): Finding[] {
  if (target.kind === 'embedded' || timing.recovery.otherwise !== 'restart') return [];
  return [
    {
      path: 'timing.recovery.otherwise',
      expected: "'stop', 'skip-target' or 'continue': only the embedded target can be restarted from here",
      came: describeValue(timing.recovery.otherwise),
      fix: "use 'stop', so that a service that does not come back is left alone",
    },
  ];
}
