/** A vega spec as a live drawing, without a line of it being run as code: its expressions are interpreted. */

import type { Spec } from 'vega';
import { None as SILENT, View, loader as createLoader, parse } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { showTip } from './chart-tip.ts';

/** Nothing is loaded, and a link is followed by the click below alone. */
const LOADER = {
  ...createLoader(),
  load: () => Promise.reject(new Error('charts load nothing')),
  sanitize: () => Promise.reject(new Error('charts follow no link')),
};

/** Draws into the element. @throws what vega throws, with nothing drawn */
export async function drawView(container: HTMLElement, spec: Spec): Promise<View> {
  const view = new View(parse(spec, {}, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'svg',
    logLevel: SILENT,
    loader: LOADER,
  });
  view.tooltip(showTip);
  view.addEventListener('click', (_event, item) => {
    const href: unknown = item == null ? null : (item as { href?: unknown }).href;
    if (typeof href === 'string' && href.startsWith('#')) location.hash = href;
  });
  try {
    await view.initialize(container).runAsync();
  } catch (error) {
    view.finalize();
    throw error;
  }
  return view;
}
