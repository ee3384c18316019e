/** Where it ran and what was asked for: the environment, and the config as it was frozen, without its secrets. */

import type { ReportFacts } from '../report-facts.ts';
import { html } from './html.ts';
import type { Section } from './section.ts';

export function describeEnvironment({ record }: ReportFacts): Section {
  const content = html`<details>
      <summary>Config, as it was run</summary>
      <pre>${JSON.stringify(record.config, null, 2)}</pre>
    </details>
    <details>
      <summary>Environment</summary>
      <pre>${JSON.stringify(record.environment, null, 2)}</pre>
    </details>`;
  return { id: 'environment', title: 'Environment and config', inShort: 'Environment', content };
}
