/** What holds for every page that is shown, whatever is on it: looked at in the browser, as code that runs there. */

import axe from 'axe-core';
import type { Page } from 'playwright-core';

type AxeResult = { violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[] };

/** Violations of WCAG 2.1 A and AA and of good practice that axe-core finds, a line each. */
export async function findAccessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResult;
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 5).map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** How far the page is wider than the screen, in CSS pixels. */
export async function measureOverflow(page: Page): Promise<number> {
  return (await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')) as number;
}

const OVERLAPS = `(() => {
  const problems = [];
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0) continue;
    const texts = [...svg.querySelectorAll('text')]
      .filter((text) => text.textContent.trim() !== '' && getComputedStyle(text).opacity !== '0')
      .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
    texts.forEach((one, index) => {
      const { box } = one;
      if (box.left < frame.left - 2 || box.right > frame.right + 2) problems.push('cut off: ' + one.text);
      for (const other of texts.slice(index + 1)) {
        const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        // Lines of text have room above and below their letters.
        if (wide > 1 && high > 0.35 * Math.min(box.height, other.box.height)) problems.push(one.text + ' / ' + other.text);
      }
    });
  }
  return problems;
})()`;

/** Texts of charts that lie on one another or are cut off at the chart's side. */
export async function findTextOverlaps(page: Page): Promise<string[]> {
  return (await page.evaluate(OVERLAPS)) as string[];
}
