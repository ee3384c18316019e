/** Debian's Prometheus, scraping one endpoint, in a folder of its own, for one test. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { z } from 'zod';
import { eventually } from './eventually.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

const AnswerSchema = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

export type Sample = { labels: Record<string, string>; value: number };

export type Prometheus = {
  /** What PromQL says now. */
  query(expression: string): Promise<Sample[]>;
};

/** @param target `host:port` whose /metrics is scraped four times a second, until the test ends */
export async function startPrometheus(t: ExecutionContext, target: string): Promise<Prometheus> {
  const folder = await makeTemporaryFolder(t, {
    'prometheus.yml': JSON.stringify({
      global: { scrape_interval: '250ms', scrape_timeout: '250ms' },
      scrape_configs: [{ job_name: 'glidetester', static_configs: [{ targets: [target] }] }],
    }),
  });
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const address = await eventually('Prometheus listens', () => {
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${said}`);
    return /msg="?Listening on"? address=(127\.0\.0\.1:\d+)/.exec(said)?.[1];
  });
  await eventually('Prometheus is ready', async () =>
    (await fetch(`http://${address}/-/ready`)).ok ? true : undefined,
  );
  return {
    async query(expression) {
      const url = `http://${address}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`;
      const { data } = AnswerSchema.parse(await (await fetch(url)).json());
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
  };
}
