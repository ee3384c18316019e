/** Who exports no metrics does not pay for them. */

import { spawnSync } from 'node:child_process';
import test from 'ava';

/** Files of OpenTelemetry that a process has loaded after importing these modules of the checkout. */
function loadedBy(...modules: string[]): string[] {
  const urls = modules.map((file) => new URL(`../../../coordinator/${file}`, import.meta.url).href);
  const program = `
    import { createRequire } from 'node:module';
    for (const url of ${JSON.stringify(urls)}) await import(url);
    console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache)));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as string[]).filter((file) => file.includes('@opentelemetry'));
}

test('OpenTelemetry is loaded by what exports metrics, and by nothing else that a campaign needs', (t) => {
  t.deepEqual(loadedBy('cli/commands/run.ts', 'campaign.ts'), []);
  t.true(loadedBy('telemetry/open-telemetry.ts').some((file) => file.includes('exporter-metrics-otlp-proto')));
});
