/** The part of the config's schema that says what every client does once. */

import { z } from 'zod';
import { HTTP_METHODS } from '../../scenarios/http-get-spec.ts';
import { path } from './fields.ts';
import { HeadersSchema } from './header-schema.ts';

export const SrmLsSchema = z.strictObject({
  kind: z.literal('srm-ls'),
  directories: z
    .record(z.string().regex(/^[1-9]\d*$/, 'expected the number of files as key'), z.string().startsWith('/'))
    .describe('Path of a directory per number of files in it'),
  detail: z.enum(['full', 'brief']).default('full').describe('fullDetailedList of srmLs'),
  levels: z.int().min(0).max(10).default(1).describe('numOfLevels of srmLs'),
  expectEntries: z.boolean().default(true).describe('A listing with another number of entries is a failure'),
});

const StatusSchema = z.int().min(200).max(599);

/** A text that answers must contain is no document. */
const LONGEST_TEXT = 64 * 1024;

export const HttpGetSchema = z.strictObject({
  kind: z.literal('http-get'),
  method: z.enum(HTTP_METHODS).default('GET').describe('HTTP method'),
  headers: HeadersSchema,
  body: z
    .union([z.string(), z.strictObject({ file: path('File whose bytes are sent, 8 MiB at most') })])
    .optional()
    .describe('What is sent with every request: a text (1 MiB of UTF-8 at most, kept in the results) or a file'),
  expectStatus: z
    .union([StatusSchema, z.array(StatusSchema).min(1)], 'expected a status from 200 to 599, or a list of them')
    .default(200)
    .describe('Any other status is a failure; redirects are not followed'),
  expectText: z
    .string()
    .min(1)
    .max(LONGEST_TEXT)
    .optional()
    .describe('An answer whose body does not contain this text is a failure'),
});

export type SrmLsConfig = z.output<typeof SrmLsSchema>;
export type HttpGetConfig = z.output<typeof HttpGetSchema>;
