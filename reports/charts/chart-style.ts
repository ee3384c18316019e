/** How charts look: colours and shapes of the series, axes that take the page's text colour, and the way to static SVG. */

import { Error as VEGA_ERRORS_ONLY, View, parse } from 'vega';
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

/** A vega-lite spec as an SVG element; colours of text and axes are `currentColor`. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const { spec: vegaSpec } = compile({ ...spec, config: CONFIG }, { logger: SILENT });
  const view = new View(parse(vegaSpec), { renderer: 'none', logLevel: VEGA_ERRORS_ONLY });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** vega-lite warns about what the specs here do on purpose (a scale that is switched off); errors are thrown all the same. */
const SILENT = {
  level: () => SILENT,
  error: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
} as never;
