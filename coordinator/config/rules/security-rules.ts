/** Rules about who the clients are and how connections are secured: what a plain target, GSI and the embedded service allow. */

import { readTargetUrl } from '../../target/target-url.ts';
import { type Finding, describeValue } from '../problem.ts';
import type { EmbeddedTarget, UrlTarget } from '../target-schema.ts';
import { type Rule, defineTargetRule } from './rule.ts';

const DEFAULT_VERSION = 'TLSv1.2';

export const securityRules: Rule[] = [
  defineTargetRule([], (target) =>
    target.kind === 'url' ? [...checkPlain(target), ...checkVersions(target)] : checkMapping(target),
  ),
];

/** Without TLS nobody is shown a certificate, and no authority is asked. */
function checkPlain({ url, identity, caDirectory, tls }: UrlTarget): Finding[] {
  if (readTargetUrl(url).scheme !== 'http') return [];
  const isChosen = Object.values(tls).some((version) => version !== DEFAULT_VERSION);
  const meaningless = { identity, caDirectory, tls: isChosen ? tls : undefined };
  return Object.entries(meaningless)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({
      path: `target.${key}`,
      expected: 'nothing here with http://, which shows no certificate and checks none',
      came: describeValue(value),
      fix: 'remove it, or write httpg:// or https:// in target.url if that is what the service speaks',
    }));
}

function checkVersions({ url, tls: { lowest, highest } }: UrlTarget): Finding[] {
  const findings: Finding[] = [];
  // Their names sort as they do.
  if (lowest > highest) {
    findings.push({
      path: 'target.tls.lowest',
      expected: `at most target.tls.highest, ${highest}`,
      came: describeValue(lowest),
      fix: `lower lowest or raise highest; a key left out is ${DEFAULT_VERSION}`,
    });
  }
  if (highest === 'TLSv1.3' && readTargetUrl(url).scheme === 'httpg') {
    findings.push({
      path: 'target.tls.highest',
      expected: 'at most TLSv1.2 with httpg',
      came: describeValue(highest),
      fix: 'leave it out: with TLS 1.3 a GSI service sends a byte of its own first, which is no HTTP, and most speak 1.2 only',
    });
  }
  return findings;
}

function checkMapping({ httpg, mapping }: EmbeddedTarget): Finding[] {
  const findings: Finding[] = [];
  const isChosen = mapping.by === 'service' || mapping.lifetimeSecondsMappedIDCached !== -1;
  if (!httpg && isChosen) {
    findings.push({
      path: 'target.mapping',
      expected: 'a mapping only with target.httpg: true',
      came: describeValue(mapping),
      fix: 'set target.httpg to true, or remove target.mapping: without httpg clients have no identity to be mapped',
    });
  }
  if (mapping.latency !== undefined && mapping.by !== 'service') {
    findings.push({
      path: 'target.mapping.latency',
      expected: "nothing here unless target.mapping.by is 'service': a file has the latency that the disk gives it",
      came: describeValue(mapping.latency),
      fix: "remove it, or set target.mapping.by to 'service'",
    });
  }
  return findings;
}
