/**
 * The scripts of the page, each on its own: without them the page loses comfort, no fact. A policy names each by its hash, so that
 * no text that came from elsewhere can ever run.
 */

import { createHash } from 'node:crypto';
import { type Html, html, trusted } from './html.ts';
import { linkScript, readVega } from './link-scripts.ts';

/** Browser modules by name; each does one thing to the page. */
const MODULES: readonly string[] = ['local-time', 'sort-table', 'charts', 'chosen-cell', 'choose-cell'];

/**
 * The script elements, and the content security policy that allows these and nothing else.
 *
 * @param options `hasCharts`: whether there is something to draw, for which the charts' library is put into the page
 */
export async function renderScripts(options: {
  isLive: boolean;
  hasCharts: boolean;
}): Promise<{ scripts: Html; policy: string }> {
  const { isLive, hasCharts } = options;
  const modules = await Promise.all([...MODULES, ...(isLive ? ['live'] : [])].map(linkScript));
  const scripts = [
    ...(hasCharts ? [{ type: 'text/javascript', text: await readVega() }] : []),
    ...modules.map((text) => ({ type: 'module', text })),
  ];
  const sources = scripts.map(({ text }) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return {
    scripts: html`${scripts.map(({ type, text }) => trusted(`<script type="${type}">${text}</script>`))}`,
    policy: [
      `default-src 'none'`,
      `style-src 'unsafe-inline'`,
      ...(isLive ? [`connect-src 'self'`] : []),
      `script-src ${sources.join(' ')}`,
    ].join('; '),
  };
}
