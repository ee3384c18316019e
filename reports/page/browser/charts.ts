/** Draws the charts again so that they answer: words at a point, its cell on a click, another axis by button. What fails stays still. */

import type { Spec, View } from 'vega';
import { drawView } from './draw-view.ts';
import { type Folded, unfoldParts } from './unfold-parts.ts';

type LiveChart = Folded & { chosen: Record<string, string> };

const NARROW = matchMedia('(max-width: 620px)');

/** What the reader chose, by figure: kept when a live page exchanges it. */
const kept = new Map<string, Record<string, string>>();

const views = new Map<Element, View>();

async function draw(figure: HTMLElement, chart: LiveChart): Promise<void> {
  const drawing = figure.querySelector('.drawing');
  if (drawing === null) return;
  const chosen = { ...chart.chosen, ...kept.get(figure.id) };
  if ('size' in chosen) chosen['size'] = NARROW.matches ? 'narrow' : 'wide';
  const variants = unfoldParts(chart) as Record<string, Spec>;
  const spec = variants[Object.values(chosen).join(' ')];
  if (spec === undefined) return;
  const fresh = document.createElement('div');
  const view = await drawView(fresh, spec);
  views.get(figure)?.finalize();
  views.set(figure, view);
  drawing.replaceChildren(fresh);
  for (const button of figure.querySelectorAll<HTMLButtonElement>('button[data-choice]')) {
    button.setAttribute('aria-pressed', String(chosen[button.dataset['choice'] ?? ''] === button.value));
  }
  for (const choices of figure.querySelectorAll<HTMLElement>('.choices')) choices.hidden = false;
}

/** The chart of a figure; null when it has none. */
function readChart(figure: Element): LiveChart | null {
  const text = figure.querySelector(':scope > script.live-chart')?.textContent;
  return text == null ? null : (JSON.parse(text) as LiveChart);
}

function redraw(figure: HTMLElement): void {
  const chart = readChart(figure);
  // A chart that can't be drawn here is there all the same, as it came.
  if (chart !== null) draw(figure, chart).catch(() => {});
}

function drawAll(isNew: (figure: HTMLElement) => boolean): void {
  for (const script of document.querySelectorAll('figure > script.live-chart')) {
    const figure = script.parentElement as HTMLElement;
    if (isNew(figure)) redraw(figure);
  }
}

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-choice]') : null;
  const figure = button?.closest('figure');
  if (button == null || figure == null) return;
  kept.set(figure.id, { ...kept.get(figure.id), [button.dataset['choice'] as string]: button.value });
  redraw(figure);
});
NARROW.addEventListener('change', () => drawAll(() => true));
document.addEventListener('pagegrown', () => {
  for (const [figure, view] of views) {
    if (figure.isConnected) continue;
    view.finalize();
    views.delete(figure);
  }
  drawAll((figure) => !views.has(figure));
});
drawAll(() => true);
