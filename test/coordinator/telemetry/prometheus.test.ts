/** The endpoint that Prometheus scrapes. */

import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { ALWAYS, EVENTS, openSample } from './sample-telemetry.ts';

const ANY_PORT = { listen: '127.0.0.1:0' };

test('its own port and address are told, and what is found there are the figures as they are now', async (t) => {
  const telemetry = await openSample(t, { prometheus: ANY_PORT });
  const url = telemetry.facts.prometheusUrl as string;
  t.regex(url, /^http:\/\/127\.0\.0\.1:[1-9]\d*\/metrics$/);
  const first = await fetch(url);
  t.is(first.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  t.regex(await first.text(), /^glidetester_cells_planned\{glidetester_campaign="sample"\} 0$/m);
  for (const event of EVENTS) telemetry.observe(event);
  const text = await (await fetch(`${url}?a=b`)).text();
  for (const line of [
    '# TYPE glidetester_operations_total counter',
    'glidetester_operations_total{glidetester_target="embedded",glidetester_outcome="ok",glidetester_campaign="sample"} 5096',
    'glidetester_operations_total{glidetester_target="other \\"{\\\\}\\"\\n",glidetester_outcome="ok",glidetester_campaign="sample"} 0',
    'glidetester_rate{glidetester_target="embedded",glidetester_directory_size="20",glidetester_level="2",glidetester_run="1",glidetester_campaign="sample"} 49.62',
  ]) {
    t.true(text.split('\n').includes(line), `${line} in:\n${text}`);
  }
  t.regex(text, /^target_info\{service_name="glidetester",.*service_instance_id="sample-0badcafe"/m);
  await telemetry.close(ALWAYS);
  await t.throwsAsync(fetch(url));
});

test('nothing else is served, and nothing is taken', async (t) => {
  const { facts } = await openSample(t, { prometheus: ANY_PORT });
  const url = facts.prometheusUrl as string;
  const status = async (path: string, method = 'GET') => (await fetch(new URL(path, url), { method })).status;
  t.is(await status('/metrics', 'HEAD'), 200);
  t.is(await status('/'), 404);
  t.is(await status('/metrics/more'), 404);
  t.is(await status('/metrics', 'POST'), 404);
});

test('a port that is in use is an error with what to do', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const listen = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const thrown = await t.throwsAsync(openSample(t, { prometheus: { listen } }));
  t.like(thrown, {
    code: 'GT_TELEMETRY_LISTEN',
    hint: 'choose another telemetry.prometheus.listen, or port 0 for any free one',
  });
  t.true(thrown?.message.includes(listen));
});

test('an address of version 6 is one, too', async (t) => {
  const { facts } = await openSample(t, { prometheus: { listen: '[::1]:0' } });
  t.is((await fetch(facts.prometheusUrl as string)).status, 200);
});

test('after the end it waits for one more scrape', async (t) => {
  const telemetry = await openSample(t, { prometheus: { ...ANY_PORT, lastScrapeWithin: '1h' } });
  for (const event of EVENTS) telemetry.observe(event);
  const closed = telemetry.close(ALWAYS);
  const text = await (await fetch(telemetry.facts.prometheusUrl as string)).text();
  t.regex(text, /^glidetester_discarded_operations_total\{.*"ok".*\} 5000$/m, 'the final figures');
  t.notRegex(text, /clients_held\{/);
  await closed;
  t.pass();
});

test('nobody waits for that scrape who does not want to, or when none comes', async (t) => {
  const impatient = await openSample(t, { prometheus: { ...ANY_PORT, lastScrapeWithin: '1h' } });
  await impatient.close(AbortSignal.abort());
  const unseen = await openSample(t, { prometheus: { ...ANY_PORT, lastScrapeWithin: '1s' } });
  await unseen.close(ALWAYS);
  const interrupt = new AbortController();
  const interrupted = await openSample(t, { prometheus: { ...ANY_PORT, lastScrapeWithin: '1h' } });
  const closed = interrupted.close(interrupt.signal);
  interrupt.abort();
  await closed;
  t.pass();
});
