/** Rules about live metrics: where they go to, and that no secret goes there in the open. */

import { durationMs } from '../../plan.ts';
import { holdsCredential } from '../header-fields.ts';
import { type Finding, describeValue } from '../problem.ts';
import type { OtlpConfig, PrometheusConfig } from '../telemetry-schema.ts';
import { checkHeaders } from './header-rules.ts';
import { type Rule, defineRule } from './rule.ts';
import { isLoopbackHost } from './target-rules.ts';

const LEAST_EVERY_MS = 1000;
const MOST_EVERY_MS = 60 * 60_000;
const HIGHEST_PORT = 65_535;

/** Set by the exporter with each request. */
const EXPORTER_HEADERS = new Set(['content-encoding', 'content-type']);

export const telemetryRules: Rule[] = [
  defineRule(['telemetry'], ({ telemetry }) => {
    if (telemetry === undefined) return [];
    const { otlp, prometheus } = telemetry;
    if (otlp === undefined && prometheus === undefined) return [nowhere()];
    return [
      ...(otlp === undefined ? [] : [...checkUrl(otlp), ...checkEvery(otlp), ...checkSent(otlp)]),
      ...(prometheus === undefined ? [] : checkListen(prometheus)),
    ];
  }),
];

function nowhere(): Finding {
  return {
    path: 'telemetry',
    expected: 'otlp, prometheus, or both',
    came: '{}',
    fix: "write prometheus: {} or otlp: { url: 'http://127.0.0.1:4318' }, or remove telemetry",
  };
}

/** The url is kept in the results. */
function checkUrl({ url }: OtlpConfig): Finding[] {
  const { username, password, hash, searchParams } = new URL(url);
  const path = 'telemetry.otlp.url';
  const fix =
    "remove it: the url is kept in the results. A secret goes into headers: { … { fromEnvironment: '<variable>' } }";
  if (username !== '' || password !== '') {
    return [{ path, expected: 'no secret in the url', came: 'a user name or password', fix }];
  }
  const secret = [...searchParams.keys()].find(holdsCredential);
  if (secret !== undefined) {
    return [{ path, expected: 'no secret in the url', came: `${describeValue(secret)} in its query`, fix }];
  }
  if (hash === '') return [];
  return [{ path, expected: 'host, port, path and query only', came: `a fragment (${hash})`, fix: 'remove it' }];
}

function checkEvery({ every }: OtlpConfig): Finding[] {
  const everyMs = durationMs(every);
  if (everyMs >= LEAST_EVERY_MS && everyMs <= MOST_EVERY_MS) return [];
  const fix = 'choose one in between; the figures themselves are taken four times a second';
  return [{ path: 'telemetry.otlp.every', expected: 'from 1s to 1h', came: describeValue(every), fix }];
}

function checkSent({ url, headers }: OtlpConfig): Finding[] {
  const key = 'telemetry.otlp.headers';
  const findings = checkHeaders(headers, key);
  for (const name of Object.keys(headers).filter((each) => EXPORTER_HEADERS.has(each.toLowerCase()))) {
    const fix = 'remove it: what is sent is always protobuf';
    findings.push({
      path: `${key}.${name}`,
      expected: 'a header that is yours to set',
      came: describeValue(name),
      fix,
    });
  }
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || isLoopbackHost(hostname.replace(/^\[|\]$/g, ''))) return findings;
  const secret = Object.entries(headers).find(([, value]) => typeof value !== 'string');
  if (secret === undefined) return findings;
  return [
    ...findings,
    {
      path: 'telemetry.otlp.url',
      expected: `https:// where ${secret[0]} comes from the environment: it is a secret, and ${hostname} is off loopback`,
      came: describeValue(url),
      fix: 'write https://, or send to a collector on loopback that passes the figures on',
    },
  ];
}

function checkListen({ listen }: PrometheusConfig): Finding[] {
  if (Number(listen.slice(listen.lastIndexOf(':') + 1)) <= HIGHEST_PORT) return [];
  const fix = 'choose a port that there is, or 0 for any free one';
  return [
    {
      path: 'telemetry.prometheus.listen',
      expected: `a port from 0 to ${HIGHEST_PORT}`,
      came: describeValue(listen),
      fix,
    },
  ];
}
