/** The part of the config's schema that says what is measured: the embedded service, or one that somebody else runs. */

import { z } from 'zod';
import { count, cpus, duration, path, size } from './fields.ts';

const ConnectionSchema = z
  .strictObject({
    perOperation: z
      .boolean()
      .default(true)
      .describe(
        'true: a new connection, with a full handshake, for every operation, as each srm-ls in real life is a fresh client; false: each client keeps its connection',
      ),
    close: z
      .enum(['fin', 'reset'])
      .default('fin')
      .describe(
        'How clients end their connections. fin: politely; the port then rests for a minute (TIME_WAIT) unless the service has closed first. reset: by a TCP reset; no port rests, but the service sees its clients break off after their last answer',
      ),
    transport: z
      .enum(['direct', 'undici'])
      .default('direct')
      .describe(
        'What carries the operations: direct, over sockets at the least cost, which leaves what is unusual about an answer to undici; or undici for all of them',
      ),
  })
  .prefault({});

const TimeoutsSchema = z
  .strictObject({
    connect: duration('How long connect() may take').default('10s'),
    handshake: duration('How long the TLS handshake may take').default('10s'),
    answer: duration('From the request to the last byte of the answer; at most 30min').default('60s'),
  })
  .prefault({})
  .describe('These decide where "the limit" of a service is found, so they are printed beside it');

const targetCommon = {
  connection: ConnectionSchema,
  timeouts: TimeoutsSchema,
  labelled: z
    .boolean()
    .default(true)
    .describe(
      'Each request carries campaign, cell and sequence in one header, so that the service can count for itself',
    ),
};

const MappingSchema = z
  .strictObject({
    by: z
      .enum(['grid-mapfile', 'service'])
      .default('grid-mapfile')
      .describe(
        'grid-mapfile: the frontend reads a file; service: it calls a mapping service (as GUMS) over the network',
      ),
    latency: duration('How long the mapping service takes for an answer (only with service)').optional(),
    lifetimeSecondsMappedIDCached: z
      .int()
      .min(-1)
      .default(-1)
      .describe("BeStMan's name: how long a mapping is kept; -1: not at all, 0: for ever"),
    maxMappedIDCached: count("BeStMan's name: the most mappings that are kept").default(1000),
  })
  .prefault({})
  .describe('How the frontend finds the local user of an identity (only with httpg)');

/** What holds connections and runs their requests, with BeStMan's own names where it has one (only with httpg). */
const containerKeys = {
  container: z
    .enum(['bestman', 'bestman2'])
    .optional()
    .describe(
      'bestman: a Globus container, whose authorization is nested work in the same pool of threads; bestman2: Jetty, with an accept queue; default: none, every connection is served at once',
    ),
  maxContainerThreads: count(
    'Container threads: a connection holds one from before its handshake to its end (--with-max-container-threads)',
  ).default(256),
  connectorQueueSize: count(
    'Connections that may wait for a container thread (ConnectorAcceptQueueSize, bestman2); default: without limit',
  ).optional(),
  whenQueueFull: z
    .enum(['reset', 'refuse'])
    .default('reset')
    .describe(
      'What a connection beyond connectorQueueSize meets: it is reset, or the listener is closed (connections are refused) until the queue has drained',
    ),
  nestedAuthorization: z
    .enum(['same-pool', 'own-pool'])
    .default('same-pool')
    .describe('Where authorization runs (bestman): in the pool of the container threads, or in one of its own'),
  lockOverCallOut: z
    .boolean()
    .default(true)
    .describe(
      'Whether the global lock around the identity look-up is held while the mapping service is asked (bestman2): our hypothesis for the plateau of the paper',
    ),
  maxJavaHeap: size(
    'Heap of the service, of which each client takes 2.5 MB; who finds no room is cut off (BESTMAN_MAX_JAVA_HEAP)',
  ).optional(),
  descriptors: z
    .int()
    .min(64)
    .optional()
    .describe('Open files of its process at most, a real ulimit -n; its own ones, about 40, are among them'),
  eventLogLevel: z
    .enum(['DEBUG', 'INFO', 'ERROR', 'off'])
    .default('off')
    .describe("What is written into the service's event log: INFO lines for each call, DEBUG two more for each entry"),
  handshakeWithin: duration('Handshakes that take longer are cut by the service').default('10s'),
};

export const EmbeddedTargetSchema = z.strictObject({
  kind: z.literal('embedded'),
  root: z
    .union([
      z.strictObject({
        make: z
          .array(count('Files of one directory'))
          .min(1)
          .describe('Directories /d<n> of n files each, made on disk and removed afterwards'),
        fileBytes: z.int().min(0).default(1024).describe('Size of each file in bytes'),
      }),
      z.string().describe('An existing directory to serve'),
    ])
    .describe('What the frontend serves'),
  fsConcurrency: count("Listings that run at once (BeStMan's fsConcurrency); the rest wait in order").default(4),
  showChecksumWhenListingFile: z
    .boolean()
    .default(false)
    .describe('Read every listed file and add its checksum (BeStMan has the same switch)'),
  ...containerKeys,
  cpus: cpus(
    'Cores that it and its mapping service are pinned to, counted from 0, such as [0]; default: the system chooses',
  ).optional(),
  roundTrip: duration(
    'How far it is from every client: a relay delays each connection by half of it each way, which every step of a handshake feels',
  ).default('0ms'),
  httpg: z
    .boolean()
    .default(false)
    .describe(
      'SRM over GSI, with an authority, a host and users of its own, made for the campaign and forgotten with it',
    ),
  identities: count('Users that are made for httpg; clients take turns with them').default(20),
  mapping: MappingSchema,
  answers: z
    .enum(['inline', 'multiref'])
    .default('inline')
    .describe('How answers are written: inline as gSOAP does, multiref as Axis and BeStMan do'),
  asynchronous: z
    .boolean()
    .default(false)
    .describe('Every listing is queued first: clients have to ask for its status until it is done'),
  mostEntries: count('Entries of one answer; clients ask for the rest of a longer listing page by page').optional(),
  ...targetCommon,
});

/** Who the clients are; the files are read anew before every cell. */
export const IdentitySchema = z
  .union(
    [
      z.literal('environment'),
      z.strictObject({
        certificate: path("PEM file of a user's certificate"),
        key: path('PEM file of its private key, without a password'),
      }),
      z.strictObject({ proxy: path('A proxy file: proxy certificate, its key, the certificates that signed it') }),
      z.strictObject({ proxies: path('A directory of proxy files, or a glob of them') }),
      z.strictObject({
        certificates: path('A directory with <name>/usercert.pem and <name>/userkey.pem for each user'),
      }),
    ],
    "expected 'environment', { certificate, key }, { proxy }, { proxies } or { certificates }",
  )
  .describe(
    "Who the clients are (https, httpg): one certificate or proxy, or a pool that they take turns in; 'environment', the default with httpg: X509_USER_PROXY, else X509_USER_CERT and X509_USER_KEY, else the default proxy file; default with https: nobody",
  );

const tlsVersion = (what: string) =>
  z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe(what);

export const UrlTargetSchema = z.strictObject({
  kind: z.literal('url').default('url'),
  url: z
    .url({ protocol: /^http[sg]?$/, error: 'expected an http://, https:// or httpg:// URL with host and path' })
    .describe('Service endpoint, httpg://host:port/path; without a port: 80 (http), 443 (https), 8443 (httpg)'),
  identity: IdentitySchema.optional(),
  caDirectory: path(
    'Directory of the authorities that are trusted (https, httpg), <hash>.0 and so on; default: X509_CERT_DIR, else /etc/grid-security/certificates, with https those of this machine',
  ).optional(),
  tls: z
    .strictObject({
      lowest: tlsVersion('Lowest version that is agreed to; TLSv1 and TLSv1.1 are for old services only'),
      highest: tlsVersion('Highest version; TLSv1.3 with https only'),
    })
    .prefault({})
    .describe('Versions of TLS (https, httpg)'),
  permission: z
    .strictObject({
      host: z.string().describe('The host of the url, repeated on purpose'),
      by: z.string().min(3).describe('Who answers for the load; sent in the User-Agent'),
      clientsAtMost: count('No level may exceed it'),
    })
    .optional()
    .describe('Required for a target off loopback'),
  addresses: z
    .strictObject({
      family: z
        .union([z.literal(4), z.literal(6)])
        .optional()
        .describe('One address family; default: that of the first address'),
    })
    .prefault({})
    .describe('The name is resolved once per cell, and what was found is recorded'),
  counters: z
    .strictObject({
      command: z.string().min(1).describe('Prints one number: operations answered with success since ever'),
    })
    .optional()
    .describe("The service's own count, asked before and after each cell"),
  ...targetCommon,
});

export type UrlTarget = z.output<typeof UrlTargetSchema>;
export type EmbeddedTarget = z.output<typeof EmbeddedTargetSchema>;
export type IdentityChoice = z.output<typeof IdentitySchema>;
