/** The config file's one schema: types, checks, defaults and the reference (`docs/config.md`) all come from here. */

import { z } from 'zod';
import { count, cpus, duration, share } from './fields.ts';
import { HttpGetSchema, SrmLsSchema } from './scenario-schema.ts';
import { EmbeddedTargetSchema, UrlTargetSchema } from './target-schema.ts';
import { TelemetrySchema } from './telemetry-schema.ts';

export const LocalPoolSchema = z.strictObject({
  kind: z.literal('local'),
  site: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('local')
    .describe('Name of the place'),
  pilots: count('The most pilots (processes) there'),
  slotsPerPilot: count('Clients that one pilot can hold'),
  threads: count('Worker threads of each pilot, which its clients are spread over; at most slotsPerPilot').default(1),
  sourceAddresses: z
    .array(z.union([z.ipv4(), z.ipv6()], 'expected an IP address'))
    .default([])
    .describe(
      'IP addresses of its host that its clients take turns in, when one has too few ports; default: the system chooses',
    ),
  launchWith: z
    .array(z.string())
    .default([])
    .describe("Command put before the pilot's own, such as ['nice', '-n', '5']"),
  cpus: cpus(
    'Cores that its pilots are pinned to, counted from 0, such as [1]; default: the system chooses',
  ).optional(),
  roundTrip: duration(
    'How far its clients are from a service on this machine: a relay of this site delays every connection by half of it each way',
  ).default('0ms'),
  reach: z
    .string()
    .regex(/^[^:/]+:\d+$/, 'expected host:port')
    .optional()
    .describe('Where its pilots dial the coordinator, if not its own address'),
});

const LoadSchema = z.strictObject({
  levels: z.array(count('Clients at once')).min(1).describe('The chain of concurrency levels'),
  runs: count('How often the whole chain is repeated').default(1),
  order: z
    .enum(['run-major', 'cell-major'])
    .default('run-major')
    .describe('run-major: all cells, then all again, so that drift shows as spread'),
  start: z
    .union([
      z.literal('together'),
      z.strictObject({ within: duration('First sends are spread evenly over this time') }),
    ])
    .default('together')
    .describe('How the clients start at T0'),
  afterFailure: z
    .strictObject({
      pause: duration('First pause of a client after a failure').default('500ms'),
      growTo: duration('The pause doubles up to this').default('5s'),
    })
    .prefault({})
    .describe('A client whose operation failed pauses: held, but not in flight. A failing service is not hammered'),
  seed: z.int().min(0).default(1).describe('Seed of all jitter'),
});

const TimingSchema = z
  .strictObject({
    warmUp: z
      .strictObject({
        atLeast: duration('The window never opens earlier').default('1s'),
        atMost: duration('It opens now even if a client has not ended one operation (mark transient)').default('30s'),
      })
      .prefault({}),
    window: z
      .strictObject({
        atLeast: duration('Shortest window').default('5s'),
        operationsPerClient: z
          .number()
          .positive()
          .default(5)
          .describe('Mean operations per client that the window should hold'),
        atMost: duration('Longest window').default('60s'),
      })
      .prefault({})
      .describe('Closes when both atLeast and operationsPerClient are reached, or at atMost'),
    drain: duration('After the window, operations under way may take this long before they are cut').default('30s'),
    recovery: z
      .strictObject({
        within: duration('The service must answer in its usual time again within this').default('30s'),
        otherwise: z
          .enum(['stop', 'restart', 'skip-target', 'continue'])
          .default('stop')
          .describe(
            "What if it does not: stop the campaign, restart the embedded target, leave the target's other cells out, or continue",
          ),
      })
      .prefault({}),
  })
  .prefault({});

const BarrierSchema = z
  .strictObject({
    within: duration('The slots of a level must be held and ready within this').default('2min'),
    otherwise: z
      .enum(['fail', 'degrade'])
      .default('fail')
      .describe('fail: end the campaign; degrade: fire with at least atLeast'),
    atLeast: share('Smallest share of the level that is fired with under degrade').default('98%'),
    spare: share('Slots asked for beyond the level').default('10%'),
  })
  .prefault({});

const LostSchema = z
  .strictObject({
    pilot: z
      .enum(['keep', 'repeat', 'fail'])
      .default('keep')
      .describe('A pilot lost in a cell: keep the cell as degraded, repeat it, or end the campaign'),
    times: z.int().min(1).default(2).describe('Repeat at most this often'),
  })
  .prefault({});

const ExpectSchema = z
  .strictObject({
    source: z.string().min(1).default('expected').describe("Who expects it: the heading of the report's column"),
    findings: z
      .array(
        z.strictObject({
          says: z.string().min(1).describe('The finding in words'),
          check: z
            .string()
            .min(1)
            .describe("What must hold for it: 'slope from level 10 to level 80 = 0.025 Hz/client ± 3 %'"),
        }),
      )
      .min(1),
  })
  .optional()
  .describe('What is expected to be found. The report sets it beside what was measured; one that is not met is shown');

const TargetSchema = z.discriminatedUnion('kind', [EmbeddedTargetSchema, UrlTargetSchema]);

export const ConfigSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'expected letters, digits, dot, dash or underscore')
    .describe('Name of the campaign'),
  parameters: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .optional()
    .describe(
      'What a config that is a function of parameters was made with; set them by --set parameters.<name>=<value>',
    ),
  target: TargetSchema.optional().describe('What is measured'),
  targets: z
    .record(z.string().regex(/^[\w.-]+$/, 'expected letters, digits, dot, dash or underscore'), TargetSchema)
    .optional()
    .describe('In place of target: several, each by a name, measured in one campaign and compared'),
  scenario: z.discriminatedUnion('kind', [SrmLsSchema, HttpGetSchema]).describe('What every client does once'),
  load: LoadSchema,
  timing: TimingSchema,
  pools: z
    .array(z.discriminatedUnion('kind', [LocalPoolSchema]))
    .min(1)
    .describe('Where pilots come from'),
  spread: z
    .record(z.string(), share('Share of the clients'))
    .optional()
    .describe('Clients per site; default: in proportion to the slots'),
  barrier: BarrierSchema,
  lost: LostSchema,
  thresholds: z
    .record(z.string(), z.enum(['fail', 'abort']))
    .default({})
    .describe(
      "What must hold: { 'failed < 0.1 %': 'abort' }. fail: the campaign ends with exit code 99; abort: it is stopped at once",
    ),
  expect: ExpectSchema,
  coordinator: z
    .strictObject({
      listen: z
        .string()
        .regex(/^[^:]+:\d+$/, 'expected address:port')
        .default('127.0.0.1:0')
        .describe('Where pilots dial in; port 0: any free one'),
    })
    .prefault({}),
  telemetry: TelemetrySchema,
  output: z
    .strictObject({ dir: z.string().default('results').describe('Folder of all result directories') })
    .prefault({}),
});

/** What a user writes. */
export type ConfigInput = z.input<typeof ConfigSchema>;
/** The checked config with all defaults; durations and shares still as written. */
export type Config = z.output<typeof ConfigSchema>;
export type TargetConfig = z.output<typeof TargetSchema>;
export type LocalPool = z.output<typeof LocalPoolSchema>;
