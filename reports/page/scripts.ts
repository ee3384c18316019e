/**
 * The scripts of the page, each on its own: without them the page loses comfort, no fact. A policy names each by its hash, so that
 * no text that came from elsewhere can ever run.
 */

import { createHash } from 'node:crypto';
import { type Html, html, trusted } from './html.ts';
import { linkScript } from './link-scripts.ts';

/** Browser modules by name; each does one thing to the page. */
const MODULES: readonly string[] = ['local-time', 'sort-table', 'choose-cell'];

/** The script elements, and the content security policy that allows these and nothing else. */
export async function renderScripts({ isLive }: { isLive: boolean }): Promise<{ scripts: Html; policy: string }> {
  const texts = await Promise.all([...MODULES, ...(isLive ? ['live'] : [])].map(linkScript));
  const scripts = texts.map((text) => ({ element: trusted(`<script type="module">${text}</script>`), text }));
  const sources = scripts.map(({ text }) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return {
    scripts: html`${scripts.map(({ element }) => element)}`,
    policy: [
      `default-src 'none'`,
      `style-src 'unsafe-inline'`,
      ...(isLive ? [`connect-src 'self'`] : []),
      `script-src ${sources.join(' ') || `'none'`}`,
    ].join('; '),
  };
}
