/** A cell in which nothing is left out and no figure is like another, for what must show them all. */

import { z } from 'zod';
import { type CellSummary, CellSummarySchema } from '../../reports/summary.ts';

/** Made from the schema itself: a figure that is new in it is in here at once. Every number is the next odd one. */
export function makeWholeCell(changes: Partial<CellSummary> = {}): CellSummary {
  const schema = z.toJSONSchema(CellSummarySchema, { io: 'output' }) as Schema;
  let next = 1001;
  const fill = (part: Schema): unknown => {
    const [first] = part.anyOf?.filter(({ type }) => type !== 'null') ?? [];
    if (first !== undefined) return fill(first);
    if (part.enum !== undefined) return part.enum[0];
    // Null may stand beside it.
    const type = [part.type].flat()[0];
    if (type === 'string') return `text ${(next += 2)}`;
    if (type === 'boolean') return true;
    if (type === 'integer') return (next += 2);
    // Shares end at 1; what is no whole number has decimals that a text must keep.
    if (type === 'number') return part.maximum === 1 ? 1 / (next += 2) : (next += 2) + 1 / 3;
    if (type === 'array') return part.items === undefined ? [] : [fill(part.items)];
    const entries = Object.entries(part.properties ?? {}).map(([name, inner]) => [name, fill(inner)]);
    if (part.properties === undefined && part.additionalProperties !== undefined)
      entries.push([`kind ${(next += 2)}`, fill(part.additionalProperties)]);
    return Object.fromEntries(entries);
  };
  return CellSummarySchema.parse({ ...(fill(schema) as object), ...changes });
}

type Schema = {
  type?: string | string[];
  anyOf?: Schema[];
  enum?: unknown[];
  maximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
};
