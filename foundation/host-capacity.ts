/** What a pilot's host can hold, as the pilot itself finds it. What can't be read is null: unknown, never guessed. */

import { z } from 'zod';

const whole = z.number().int().min(0);

export const HostCapacitySchema = z.strictObject({
  hostname: z.string(),
  /** Version of the Node that runs the pilot. */
  node: z.string(),
  /** Which boot of which kernel: pilots with the same one share its memory and cores. */
  bootId: z.string().nullable(),
  /** Link target of /proc/self/ns/net: pilots with the same one share its ports. */
  networkNamespace: z.string().nullable(),
  /** Open files (RLIMIT_NOFILE). Node raises its soft limit to the hard one when it starts, so that both are alike as a rule. */
  descriptors: z.strictObject({
    soft: whole.nullable(),
    hard: whole.nullable(),
    /** fs.nr_open: no hard limit can be above it. */
    highestHard: whole.nullable(),
    /** Whether this process may raise its hard limit (CAP_SYS_RESOURCE). */
    mayRaiseHard: z.boolean().nullable(),
    /** Of all processes of the host (fs.file-nr). */
    ofHost: z.strictObject({ used: whole, most: whole }).nullable(),
  }),
  /** Ephemeral ports: lowest, highest (both are used), and how many in between are reserved for others. */
  ports: z.strictObject({ lowest: whole, highest: whole, reserved: whole }).nullable(),
  timeWait: z.strictObject({
    /** net.ipv4.tcp_tw_reuse: 0 never, 1 always, 2 to 127.0.0.0/8 only. */
    reuse: whole.nullable(),
    /** After how long a port may be taken again where reuse allows it: net.ipv4.tcp_tw_reuse_delay, before Linux 6.14 always 1 s. */
    reuseAfterMs: whole,
    /** net.ipv4.tcp_timestamps: without them nothing is reused. */
    hasTimestamps: z.boolean().nullable(),
    /** net.ipv4.tcp_max_tw_buckets: the kernel keeps no more, and frees the port of one beyond at once. */
    most: whole.nullable(),
    /** net.ipv4.tcp_fin_timeout: of connections closed on one side; TIME_WAIT itself takes 60 s whatever this says. */
    finTimeoutS: whole.nullable(),
  }),
  /** net.core.somaxconn: connections that may wait for a listener to accept them. */
  acceptQueue: whole.nullable(),
  /** Connections that the firewall keeps account of; null where it keeps none. */
  conntrack: z.strictObject({ used: whole, most: whole }).nullable(),
  /** net.ipv4.tcp_mem, of all sockets' buffers: from `pressure` on they are cut, beyond `most` nothing more is taken. */
  tcpMemoryPages: z.strictObject({ low: whole, pressure: whole, most: whole }).nullable(),
  memory: z.strictObject({
    totalBytes: whole.nullable(),
    availableBytes: whole.nullable(),
    /** The innermost limit that leaves least room, its own caches not counted; `limitBytes` null: there is none. */
    cgroup: z.strictObject({ limitBytes: whole.nullable(), roomBytes: whole.nullable() }).nullable(),
  }),
  cores: z.strictObject({
    /** Numbers of those that the process may run on. */
    allowed: z.array(whole).nullable(),
    /** Smallest CPU quota of its cgroups, in cores; `cores` null: there is none. */
    quota: z.strictObject({ cores: z.number().positive().nullable() }).nullable(),
  }),
  /** Which figures of a pilot's health can be read there. */
  health: z.strictObject({
    runQueue: z.boolean(),
    throttling: z.boolean(),
    pressure: z.boolean(),
    steal: z.boolean(),
    tcp: z.boolean(),
  }),
});

export type HostCapacity = z.infer<typeof HostCapacitySchema>;
