/** How charts look: colours and shapes of the series, axes that take the page's text colour, and the way to static SVG. */

import { type Loader, type Spec, Error as VEGA_ERRORS_ONLY, View, loader as createLoader, parse } from 'vega';
import { type TopLevelSpec, compile } from 'vega-lite';

/** Okabe and Ito's colours, readable with any colour vision, without yellow (too pale on white) and black (the page's text). */
export const SERIES_COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;

/** As many as colours less one, so that the seventh series differs from the first. */
export const SERIES_SHAPES = ['circle', 'square', 'diamond', 'triangle-up', 'triangle-down'] as const;

/** A cross of two strokes, for cells that failed. */
export const FAILED_SHAPE = 'M-1,-1L1,1M-1,1L1,-1';

/** Inner size of a chart in pixels; axes and labels come on top. */
export const CHART = { width: 480, height: 270 } as const;

const INK = 'currentColor';

const CONFIG: NonNullable<TopLevelSpec['config']> = {
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: INK,
    titleColor: INK,
    tickColor: INK,
    domainColor: INK,
    gridColor: INK,
    gridOpacity: 0.12,
    domainOpacity: 0.5,
    tickOpacity: 0.5,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
  },
  text: { fontSize: 12 },
};

/** A vega-lite spec as the vega spec that is drawn; colours of text and axes are `currentColor`. */
export function compileChart(spec: TopLevelSpec): Spec {
  return compile({ ...spec, config: CONFIG }, { logger: SILENT }).spec;
}

/** A vega-lite spec as an SVG element. Its links lead within the page, for a pointer: a table holds what they lead to. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compileChart(spec)), { renderer: 'none', logLevel: VEGA_ERRORS_ONLY, loader: LOADER });
  try {
    return (await view.toSVG()).replaceAll('<a xlink:href=', '<a tabindex="-1" xlink:href=');
  } finally {
    view.finalize();
  }
}

/** Nothing is loaded for a chart; of links only those within the page are left. */
const LOADER: Loader = {
  ...createLoader(),
  load: (uri) => Promise.reject(new Error(`expected a chart without outside data, got ${uri}`)),
  sanitize: (uri) =>
    uri.startsWith('#') ? Promise.resolve({ href: uri }) : Promise.reject(new Error('a link within the page')),
};

/** vega-lite warns about what the specs here do on purpose (a scale that is switched off); errors are thrown all the same. */
const SILENT = {
  level: () => SILENT,
  error: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
} as never;
