/** The part of the config's schema that every list of request headers shares. */

import { z } from 'zod';

const VARIABLE_EXPECTED = 'expected the name of an environment variable';

const HeaderValueSchema = z.union(
  [
    z.string(),
    z.strictObject({
      fromEnvironment: z
        .string(VARIABLE_EXPECTED)
        .regex(/^[A-Za-z_]\w*$/, VARIABLE_EXPECTED)
        .describe('Environment variable of the coordinator that holds the value: results have its name only'),
    }),
  ],
  "expected a text or { fromEnvironment: 'NAME' }",
);

export const HeadersSchema = z
  .record(z.string(), HeaderValueSchema)
  .default({})
  .describe('Further headers. Values written here are kept in the results: give secrets by their variable');

export type HeadersConfig = z.output<typeof HeadersSchema>;
