/** The formats that a report can be written in. */

export const REPORT_FORMATS = ['html', 'svg', 'png', 'md', 'csv', 'junit'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Those that a campaign can leave beside the page, which it always writes. */
export const ALSO_FORMATS = REPORT_FORMATS.filter((format) => format !== 'html');

export type AlsoFormat = (typeof ALSO_FORMATS)[number];
