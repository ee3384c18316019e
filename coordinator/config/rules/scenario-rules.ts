/** Rules about the scenario: directories to list, the one request of http-get, and the targets that each of them needs. */

import { readTargetUrl } from '../../target/target-url.ts';
import { type Finding, describeValue } from '../problem.ts';
import type { HttpGetConfig, SrmLsConfig } from '../scenario-schema.ts';
import type { TargetConfig } from '../schema.ts';
import { checkHeaders } from './header-rules.ts';
import { type Rule, defineRule, defineTargetRule, findRepeated } from './rule.ts';

/** A longer text is unwieldy in the results, where it is kept. */
const LONGEST_BODY_TEXT_BYTES = 1024 * 1024;

export const scenarioRules: Rule[] = [
  defineRule(['scenario'], ({ scenario }) =>
    scenario.kind === 'srm-ls'
      ? checkDirectories(scenario)
      : [...checkHeaders(scenario.headers, 'scenario.headers'), ...checkBody(scenario), ...checkText(scenario)],
  ),
  defineTargetRule(['scenario'], (target, { scenario }) =>
    scenario.kind === 'srm-ls' ? checkListed(target) : checkAsked(target),
  ),
];

function checkDirectories({ directories, expectEntries, levels }: SrmLsConfig): Finding[] {
  const paths = Object.values(directories);
  if (paths.length === 0) {
    return [
      {
        path: 'scenario.directories',
        expected: 'at least one directory',
        came: '{}',
        fix: "name one by its number of files, such as { 20: '/d20' }",
      },
    ];
  }
  if (!expectEntries || levels !== 1) return [];
  return findRepeated(paths).map((path) => ({
    path: 'scenario.directories',
    expected: 'a path of its own for each size',
    came: `${describeValue(path)} for several sizes`,
    fix: 'correct the path, or set scenario.expectEntries to false: one directory cannot have two numbers of files',
  }));
}

function checkBody({ method, body }: HttpGetConfig): Finding[] {
  if (body === undefined) return [];
  if (method === 'GET' || method === 'HEAD') {
    return [
      {
        path: 'scenario.body',
        expected: `no body with ${method}, in which it means nothing (RFC 9110, 9.3)`,
        came: describeValue(body),
        fix: "remove it, or set scenario.method, such as 'POST'",
      },
    ];
  }
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : 0;
  if (bytes <= LONGEST_BODY_TEXT_BYTES) return [];
  return [
    {
      path: 'scenario.body',
      expected: `at most ${LONGEST_BODY_TEXT_BYTES} bytes in the config itself`,
      came: `${bytes} bytes`,
      fix: "put it into a file and write { file: '<path>' }",
    },
  ];
}

function checkText({ method, expectText }: HttpGetConfig): Finding[] {
  if (expectText === undefined || method !== 'HEAD') return [];
  return [
    {
      path: 'scenario.expectText',
      expected: 'nothing here with HEAD, whose answers have no body',
      came: describeValue(expectText),
      fix: "remove it, or set scenario.method to 'GET'",
    },
  ];
}

/** What srmLs needs of a target. */
function checkListed(target: TargetConfig): Finding[] {
  if (target.kind === 'embedded') return [];
  const { search } = new URL(target.url);
  if (search === '') return [];
  return [
    {
      path: 'target.url',
      expected: 'no query with srm-ls: its requests name the directory themselves',
      came: describeValue(search),
      fix: 'remove it; what stands behind ?SFN= belongs into scenario.directories',
    },
  ];
}

/** What http-get needs of a target. */
function checkAsked(target: TargetConfig): Finding[] {
  if (target.kind === 'embedded') {
    return [
      {
        path: 'target.kind',
        expected: "'url' with http-get: the embedded target speaks SRM alone",
        came: describeValue(target.kind),
        fix: "write target: { url: 'http://…' }, or use the scenario srm-ls",
      },
    ];
  }
  if (readTargetUrl(target.url).scheme !== 'httpg') return [];
  return [
    {
      path: 'target.url',
      expected: 'http:// or https:// with http-get',
      came: describeValue(target.url),
      fix: 'write https:// if the service speaks it; GSI services are asked by the scenario srm-ls',
    },
  ];
}
