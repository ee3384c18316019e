/**
 * The link between coordinator and pilot: every message, and the frame that carries rows. One WebSocket over TLS, dialled by
 * the pilot; JSON text for control, binary for rows.
 *
 * | who speaks | when | message |
 * | --- | --- | --- |
 * | coordinator | a pilot has dialled | challenge |
 * | pilot | answers it | hello (proof of the secret, slots, host facts) |
 * | coordinator | the proof holds | welcome (lease epoch) |
 * | pilot | every heartbeat | heartbeat |
 * | coordinator / pilot | before and after a cell | clock / clock-reply |
 * | coordinator / pilot | one operation first | try / tried |
 * | coordinator / pilot | a cell is coming | prepare / prepared |
 * | coordinator | everybody is prepared | fire |
 * | pilot | every 250 ms, or a buffer is full | rows frame, until the next `cell-done` |
 * | coordinator | the frame is on disk | ack |
 * | coordinator / pilot | the window has closed | drain / drained |
 * | coordinator / pilot | the cell is over | finish / cell-done |
 * | coordinator | the campaign is over | leave |
 */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ConnectionCountsSchema } from '../foundation/connection-counts-schema.ts';
import { TcpCountsSchema } from '../foundation/tcp-counts.ts';
import { type OperationBlock, decodeOperationBlock } from '../reports/operation.ts';

export const PROTOCOL_VERSION = 1;

/**
 * What a pilot takes at most in one message: the credentials of 2,500 clients, 6 kB each, four times over. A coordinator that
 * says more is closed on.
 */
export const LARGEST_COORDINATOR_MESSAGE_BYTES = 64 * 1024 * 1024;

const whole = z.number().int().min(0);

/** What a pilot needs to find and believe its coordinator; travels on the pilot's standard input, never on an argument list. */
export const JoinSchema = z.strictObject({
  url: z.string(),
  campaign: z.string(),
  pilot: z.string(),
  site: z.string(),
  slots: z.number().int().positive(),
  /** Threads that its clients run on, at most. */
  threads: z.number().int().positive(),
  /** IP addresses of its host that its clients take turns in; none: the system chooses. */
  sourceAddresses: z.array(z.string()),
  secret: z.string().min(32),
  /** PEM of the campaign's certificate: the only one that the pilot accepts. */
  certificate: z.string(),
  /** The pilot leaves by itself after this long without a cell. */
  idleLimitMs: z.number().positive(),
});

/** Facts about the pilot's host, shown in the report and used to recognise a shared clock. */
export const HostFactsSchema = z.strictObject({
  hostname: z.string(),
  pid: whole,
  node: z.string(),
  cores: whole,
  memoryBytes: whole,
  descriptorLimit: whole.nullable(),
  /** /proc/sys/kernel/random/boot_id: which boot of which kernel; null where unreadable. */
  bootId: z.string().nullable(),
  /** Link target of /proc/self/ns/time; null where unreadable. */
  timeNamespace: z.string().nullable(),
});

const TlsVersionSchema = z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);

const ResolvedTargetSchema = z.strictObject({
  origin: z.string(),
  security: z
    .strictObject({
      gsi: z.boolean(),
      trusted: z.array(z.string()),
      lowestVersion: TlsVersionSchema,
      highestVersion: TlsVersionSchema,
    })
    .nullable(),
  path: z.string(),
  addresses: z.array(
    z.strictObject({ address: z.string(), family: z.union([z.literal(4), z.literal(6)]), port: whole }),
  ),
  connection: z.strictObject({ perOperation: z.boolean(), close: z.enum(['fin', 'reset']) }),
  timeoutsMs: z.strictObject({ connect: z.number(), handshake: z.number(), answer: z.number() }),
  userAgent: z.string(),
  transport: z.enum(['direct', 'undici']),
});

/** A frozen scenario: `kind` names a file in scenarios/, which checks the rest itself. */
const ScenarioSpecSchema = z.looseObject({ kind: z.string() });

const CellReferenceSchema = z.strictObject({ cell: z.string(), attempt: z.number().int().positive() });

/** Certificates and private keys in PEM: they travel on the link alone, and are never written down. */
const CredentialSchema = z.strictObject({ certificateChain: z.string(), privateKey: z.string() });

/** Everything that a pilot needs for its part of a cell. */
export const CellPlanSchema = z.strictObject({
  ...CellReferenceSchema.shape,
  firstClient: whole,
  clients: whole,
  /** Clients of the whole cell: the spread start needs it. */
  level: z.number().int().positive(),
  scenario: ScenarioSpecSchema,
  target: ResolvedTargetSchema,
  /** Client n shows `list[(n - from) % list.length]`; an empty list: clients show no certificate. */
  credentials: z.strictObject({ from: whole, list: z.array(CredentialSchema) }),
  /** Whether each request carries campaign, cell, attempt, client and sequence in a header. */
  labelled: z.boolean(),
  /** First sends are spread evenly over this time, in the order of the client numbers; 0: all together. */
  startSpreadMs: z.number().min(0),
  /** Pause after a failure: first this long, doubling up to growTo, jittered by ±20 % from the seed; a success resets it. */
  afterFailure: z.strictObject({ pauseMs: z.number().min(0), growToMs: z.number().min(0) }),
  seed: whole,
  /** Grid of the gauge samples. */
  gaugeEveryMs: z.number().positive(),
});

/** Of the worst thread, the process, its cgroup and its host, over the cell; what they mean is said in reports/evidence.ts. */
export const HealthSchema = z.strictObject({
  loopUtilisation: z.number(),
  loopDelayP99Ms: z.number(),
  loopLateMeanMs: z.number(),
  cpuShare: z.number(),
  gcShare: z.number(),
  runQueueShare: z.number().nullable(),
  throttledShare: z.number().nullable(),
  pressureShare: z.number().nullable(),
  stolenShare: z.number().nullable(),
  tcp: TcpCountsSchema.nullable(),
});

const outcome = z.string();

/** `GT_PILOT_UNFIT`: it can't do there what its pool asks of it, and another one in its place could not either. */
const FailureCodeSchema = z.enum(['GT_PILOT_FAILED', 'GT_PILOT_UNFIT']);

export const CoordinatorMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('challenge'), v: z.literal(PROTOCOL_VERSION), nonce: z.string() }),
  z.strictObject({ type: z.literal('welcome'), epoch: whole, heartbeatEveryMs: z.number().positive() }),
  z.strictObject({ type: z.literal('clock'), id: whole }),
  z.strictObject({
    type: z.literal('try'),
    id: whole,
    scenario: ScenarioSpecSchema,
    target: ResolvedTargetSchema,
    credential: CredentialSchema.nullable(),
    labelled: z.boolean(),
  }),
  z.strictObject({ type: z.literal('prepare'), plan: CellPlanSchema }),
  /** `t0Ms` on the pilot's own monotonic clock. */
  z.strictObject({ type: z.literal('fire'), ...CellReferenceSchema.shape, t0Ms: z.number() }),
  /** The prepared cell will not be fired: go back to waiting. */
  z.strictObject({ type: z.literal('stand-down'), ...CellReferenceSchema.shape }),
  /** The window closed at this instant (relative to T0): say so when all operations that were under way then have ended. */
  z.strictObject({ type: z.literal('drain'), ...CellReferenceSchema.shape, windowCloseMs: z.number() }),
  /** No new operations; what is under way may end within `graceMs`, the rest is cut. */
  z.strictObject({ type: z.literal('finish'), ...CellReferenceSchema.shape, graceMs: z.number().min(0) }),
  z.strictObject({ type: z.literal('ack'), epoch: whole, sequence: whole }),
  z.strictObject({ type: z.literal('leave'), reason: z.string() }),
]);

export const PilotMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    v: z.literal(PROTOCOL_VERSION),
    campaign: z.string(),
    pilot: z.string(),
    site: z.string(),
    /** What it can really hold: no more than asked for, fewer where its limit of open files is in the way. */
    slots: z.number().int().positive(),
    proof: z.string(),
    host: HostFactsSchema,
  }),
  z.strictObject({ type: z.literal('heartbeat'), epoch: whole, monotonicMs: z.number() }),
  z.strictObject({
    type: z.literal('clock-reply'),
    epoch: whole,
    id: whole,
    receivedMs: z.number(),
    repliedMs: z.number(),
  }),
  z.strictObject({
    type: z.literal('tried'),
    epoch: whole,
    id: whole,
    outcome,
    /** Phases of the one operation; null: not reached or not needed. */
    connectMs: z.number().nullable(),
    handshakeMs: z.number().nullable(),
    firstByteMs: z.number().nullable(),
    restMs: z.number().nullable(),
    answerBytes: whole,
  }),
  /** `failures`: connections that could not be opened, per outcome; the clients take part all the same. */
  z.strictObject({
    type: z.literal('prepared'),
    epoch: whole,
    ...CellReferenceSchema.shape,
    failures: z.record(z.string(), whole),
  }),
  z.strictObject({ type: z.literal('drained'), epoch: whole, ...CellReferenceSchema.shape }),
  z.strictObject({
    type: z.literal('cell-done'),
    epoch: whole,
    ...CellReferenceSchema.shape,
    rowsSent: whole,
    health: HealthSchema,
    /** Those that it opened for the cell, before and after T0. */
    connections: ConnectionCountsSchema,
  }),
  /** Something went wrong on the pilot's side; the coordinator counts the pilot as lost. */
  z.strictObject({ type: z.literal('failed'), epoch: whole, code: FailureCodeSchema, message: z.string() }),
]);

export type Join = z.infer<typeof JoinSchema>;
export type HostFacts = z.infer<typeof HostFactsSchema>;
export type CellPlan = z.infer<typeof CellPlanSchema>;
export type PilotHealth = z.infer<typeof HealthSchema>;
export type ScenarioSpec = z.infer<typeof ScenarioSpecSchema>;
export type CoordinatorMessage = z.infer<typeof CoordinatorMessageSchema>;
export type PilotMessage = z.infer<typeof PilotMessageSchema>;

/** Proof that a pilot holds the campaign's secret, bound to this dial (nonce) and this pilot. */
export function proveSecret(secret: string, nonce: string, pilot: string): string {
  return createHmac('sha256', secret).update(`${nonce}\n${pilot}`).digest('hex');
}

export function isProofRight(proof: string, secret: string, nonce: string, pilot: string): boolean {
  const expected = Buffer.from(proveSecret(secret, nonce, pilot), 'hex');
  const given = Buffer.from(proof, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const FrameHeaderSchema = z.strictObject({
  v: z.literal(PROTOCOL_VERSION),
  campaign: z.string(),
  ...CellReferenceSchema.shape,
  epoch: whole,
  /** Number of the frame on this lease, from 0; acknowledged once its rows are written. */
  sequence: whole,
  /** Which thread of the pilot, and of how many: gauges are known once all have told. */
  thread: whole,
  threads: z.number().int().positive(),
  /** The gauge samples start at this grid point. */
  firstSample: whole,
  samples: whole,
});

export type RowsFrameHeader = z.infer<typeof FrameHeaderSchema>;

/** Gauge integrals at grid points, three numbers a point: in flight, turning round, pausing (client-milliseconds since T0). */
export type GaugeSamples = Float64Array;

export type RowsFrame = { header: RowsFrameHeader; gauges: GaugeSamples; block: OperationBlock };

/** Layout: u32 length of the header, header as JSON, gauges as float64, operation block; little-endian. */
export function encodeRowsFrame(header: RowsFrameHeader, gauges: GaugeSamples, encodedBlock: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(4 + json.length + gauges.byteLength + encodedBlock.length);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  bytes.set(new Uint8Array(gauges.buffer, gauges.byteOffset, gauges.byteLength), 4 + json.length);
  bytes.set(encodedBlock, 4 + json.length + gauges.byteLength);
  return bytes;
}

/** @throws RangeError, SyntaxError, TypeError or ZodError when the bytes are no frame of this protocol version */
export function decodeRowsFrame(bytes: Uint8Array): RowsFrame {
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  if (4 + headerLength > bytes.length)
    throw new RangeError(`a frame header of ${headerLength} bytes in ${bytes.length} bytes`);
  const header = FrameHeaderSchema.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + headerLength))));
  const gaugesStart = 4 + headerLength;
  // Looked at before memory is taken for them: the number is whatever the sender wrote.
  if (gaugesStart + header.samples * 3 * Float64Array.BYTES_PER_ELEMENT > bytes.length)
    throw new RangeError(`${header.samples} gauge samples do not fit in ${bytes.length} bytes`);
  const gauges = new Float64Array(header.samples * 3);
  new Uint8Array(gauges.buffer).set(bytes.subarray(gaugesStart, gaugesStart + gauges.byteLength));
  return { header, gauges, block: decodeOperationBlock(bytes.subarray(gaugesStart + gauges.byteLength)) };
}
