/** Debian's chromium, in which a test opens pages: what a page says on its console and asks of the network is written down. */

import type { ExecutionContext } from 'ava';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { ensureDebianPackage } from './debian-package.ts';

const CHROMIUM = '/usr/bin/chromium';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Sizes of a screen in CSS pixels. */
export const SCREENS = {
  desk: { width: 1280, height: 800 },
  tablet: { width: 820, height: 1180 },
  phone: { width: 390, height: 844 },
} as const;

export type OpenPage = {
  page: Page;
  /** Errors and warnings of the console, and uncaught errors. */
  complaints: string[];
  /** Addresses that the page asked for, but for its own. */
  requests: string[];
};

export type OpenOptions = BrowserContextOptions & {
  /** Whether requests go out; default: all but for `file:` are refused, as without a network. */
  isOnline?: boolean;
};

/** A browser for the tests of one file; null where there is none and none may be installed (the command has been logged). */
export async function startBrowser(t: ExecutionContext): Promise<Browser | null> {
  if (!(await ensureDebianPackage(t, ['chromium']))) return null;
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

/** Opens an address in a context of its own, which is closed when the test ends. Resolves once the page is idle. */
export async function openPage(
  t: ExecutionContext,
  browser: Browser,
  address: string,
  { isOnline = false, ...options }: OpenOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: SCREENS.desk, ...options });
  t.teardown(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (request.url() !== address) requests.push(request.url());
  });
  if (!isOnline)
    await context.route(
      (url) => url.protocol !== 'file:',
      (route) => route.abort(),
    );
  await page.goto(address, { waitUntil: 'load' });
  return { page, complaints, requests };
}
