/** Checks a raw config: the schema first, then the rules across keys, all findings at once. */

import { findingsOf } from './schema-findings.ts';
import type { Finding } from './problem.ts';
import { addressRules } from './rules/address-rules.ts';
import { checkRules } from './rules/check-rules.ts';
import { containerRules } from './rules/container-rules.ts';
import { loadRules } from './rules/load-rules.ts';
import { pinningRules } from './rules/pinning-rules.ts';
import type { Rule } from './rules/rule.ts';
import { scenarioRules } from './rules/scenario-rules.ts';
import { securityRules } from './rules/security-rules.ts';
import { siteRules } from './rules/site-rules.ts';
import { telemetryRules } from './rules/telemetry-rules.ts';
import { targetRules } from './rules/target-rules.ts';
import { type Config, ConfigSchema } from './schema.ts';

const RULES: readonly Rule[] = [
  ...targetRules,
  ...securityRules,
  ...containerRules,
  ...loadRules,
  ...scenarioRules,
  ...siteRules,
  ...addressRules,
  ...pinningRules,
  ...checkRules,
  ...telemetryRules,
];

/** The checked config with its defaults (null when anything is wrong with it), and everything that is wrong. */
export function checkConfig(raw: unknown): { config: Config | null; findings: Finding[] } {
  const whole = ConfigSchema.safeParse(raw, { reportInput: true });
  if (!whole.success) {
    const findings = [
      ...findingsOf(whole.error.issues, raw),
      ...checkTargetKeys(raw),
      ...checkAcrossKeys(parseParts(raw)),
    ];
    return { config: null, findings };
  }
  const findings = [...checkTargetKeys(raw), ...checkAcrossKeys(whole.data)];
  return { config: findings.length === 0 ? whole.data : null, findings };
}

/** What the rules say about the parts of a config that have passed the schema. */
export function checkAcrossKeys(parts: Partial<Config>): Finding[] {
  return RULES.filter((rule) => rule.reads.every((key) => Object.hasOwn(parts, key))).flatMap((rule) =>
    rule.check(parts as Config),
  );
}

/** One target or several: what came is looked at raw, since a wrong target is a target all the same. */
function checkTargetKeys(raw: unknown): Finding[] {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return [];
  const { target, targets } = raw as Partial<Record<'target' | 'targets', unknown>>;
  const isEmpty = typeof targets === 'object' && targets !== null && Object.keys(targets).length === 0;
  if ((target === undefined) !== (targets === undefined) && !isEmpty) return [];
  return [
    {
      path: isEmpty ? 'targets' : 'target',
      expected: 'either target, or targets with at least one',
      came: isEmpty ? '{}' : target === undefined ? 'neither' : 'both',
      fix: "write target: embedded({ … }) or target: { url: '…' }; several go into targets, each by its name",
    },
  ];
}

/** The top-level parts that are valid by themselves, so that one typing error does not hide what is wrong elsewhere. */
function parseParts(raw: unknown): Partial<Config> {
  if (typeof raw !== 'object' || raw === null) return {};
  const parts = Object.entries(ConfigSchema.shape).flatMap(([key, schema]) => {
    const parsed = schema.safeParse(Reflect.get(raw, key));
    return parsed.success ? [[key, parsed.data]] : [];
  });
  return Object.fromEntries(parts) as Partial<Config>;
}
