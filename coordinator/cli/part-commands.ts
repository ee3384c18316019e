/** The parts that can be started alone: the SRM service, the mapping service that it may ask, a relay before it, and one pilot. */

import { type Command, Option } from 'commander';
import type { FrontendFlags } from './commands/frontend.ts';
import type { LivePageFlags } from './commands/live-page.ts';
import type { MappingServiceFlags } from './commands/mapping-service.ts';
import type { RelayFlags } from './commands/relay.ts';
import { EVENT_LOG_LEVELS } from '../../frontend/event-log/event-level.ts';
import { collect, parseSize, parseSpan, parseWhole } from './option-value.ts';

/** Called with the exit code of the command that has run. */
export type End = (exitCode: number) => void;

const HIGHEST_PORT = 65_535;
const DEFAULT_LISTINGS = 4;

export function addParts(program: Command, end: End): void {
  addFrontend(program, end);
  addMappingService(program, end);
  addRelay(program, end);
  addAgent(program, end);
  addLivePage(program, end);
}

/** Hidden: it is a part of `run --ui`, and of no use alone. */
function addLivePage(program: Command, end: End): void {
  program
    .command('live-page', { hidden: true })
    .description('show a campaign while it runs')
    .requiredOption('--directory <dir>', 'its result directory')
    .requiredOption('--port <number>', 'port to listen on; 0: any free one', parseWhole(0, HIGHEST_PORT))
    .action(async (flags: LivePageFlags) => {
      const { livePage } = await import('./commands/live-page.ts');
      end(await livePage(flags));
    });
}

function addAgent(program: Command, end: End): void {
  const command = program
    .command('agent')
    .description('start one pilot alone, or say what its host can hold')
    .option('--join <file>', 'where to dial and with which secret; -: standard input')
    .option('--facts', 'print what this host can hold as one line of JSON, and end', false);
  command.action(async ({ join, facts }: { join?: string; facts: boolean }) => {
    const { agent, tellFacts } = await import('./commands/agent.ts');
    if (facts) return end(await tellFacts());
    if (join === undefined) return command.error("error: required option '--join <file>' not specified");
    end(await agent({ join }));
  });
}

function addFrontend(program: Command, end: End): void {
  const command = program
    .command('frontend')
    .description('start the SRM service alone, or make certificates for one')
    .option('--root <dir>', 'directory to serve')
    .option('--port <number>', 'port to listen on; 0: any free one', parseWhole(0, HIGHEST_PORT))
    .option('--fs-concurrency <number>', 'listings that run at once', parseWhole(1), DEFAULT_LISTINGS)
    .option('--checksum', 'add the checksum of each listed file', false)
    .addOption(new Option('--answers <form>', 'how answers are written').choices(['inline', 'multiref']))
    .option('--async', 'queue every listing first, as a service does that answers later')
    .option('--most-entries <number>', 'entries of one answer; longer listings are asked for in pages', parseWhole(1))
    .option('--record <file>', 'write a line for each labelled operation')
    .option('--event-log <file>', 'write a line or more for each call, as BeStMan does')
    .addOption(new Option('--event-log-level <level>', 'what the event log says (INFO)').choices(EVENT_LOG_LEVELS))
    .option('--request-within <span>', 'cut requests that take longer to come', parseSpan)
    .option('--stop-with-stdin', 'stop when standard input ends', false);
  addContainerOptions(addSecureOptions(command)).action(async (flags: FrontendFlags) => {
    requireWholeService(command, flags);
    const { frontend } = await import('./commands/frontend.ts');
    end(await frontend(flags));
  });
}

function addSecureOptions(command: Command): Command {
  return command
    .option('--httpg', 'serve httpg (GSI) and https, to clients with certificates that are mapped')
    .option('--certificates <dir>', 'httpg: hostcert.pem, hostkey.pem, certificates/ and grid-mapfile')
    .option('--grid-mapfile <file>', 'httpg: who is mapped, in place of the one among the certificates')
    .option('--gums-url <url>', 'httpg: ask this mapping service who is mapped')
    .option('--mapped-id-cache-s <number>', 'httpg: keep mappings so long; -1: not at all, 0: for ever', parseWhole(-1))
    .option('--most-mapped-ids <number>', 'httpg: keep at most so many mappings', parseWhole(1))
    .option('--handshake-within <span>', 'httpg: cut handshakes that take longer', parseSpan)
    .option('--make-certificates <dir>', 'write an authority, a host, users and proxies into a new directory')
    .option('--users <number>', 'with --make-certificates: how many users', parseWhole(1))
    .option('--host-name <name>', 'with --make-certificates: a name of the host; repeatable', collect, []);
}

function addContainerOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--container <kind>', 'httpg: serve connections by threads, as Globus or Jetty').choices([
        'bestman',
        'bestman2',
      ]),
    )
    .option('--max-container-threads <number>', 'container: connections served at once (256)', parseWhole(1))
    .option('--connector-queue-size <number>', 'bestman2: connections that may wait; without limit', parseWhole(1))
    .addOption(
      new Option('--when-queue-full <what>', 'bestman2: what further connections meet').choices(['reset', 'refuse']),
    )
    .addOption(
      new Option('--nested-authorization <where>', 'bestman: whose threads authorization takes').choices([
        'same-pool',
        'own-pool',
      ]),
    )
    .option('--no-lock-over-call-out', 'bestman2: do not hold the global lock while asking who is mapped')
    .option('--max-java-heap <size>', 'container: reset connections beyond this, at 2.5 MB each', parseSize);
}

/** Making certificates needs no service; a service needs to know what it serves, and where. */
function requireWholeService(command: Command, flags: FrontendFlags): void {
  const { root, port, makeCertificates, users, hostName, eventLog, eventLogLevel = 'off' } = flags;
  const isMaking = makeCertificates !== undefined;
  if (!isMaking && (users !== undefined || hostName.length > 0)) {
    command.error("error: options '--users' and '--host-name' go with '--make-certificates <dir>'");
  }
  if (eventLog === undefined && eventLogLevel !== 'off') {
    command.error("error: option '--event-log-level <level>' goes with '--event-log <file>'");
  }
  if (isMaking && root === undefined && port === undefined) return;
  if (root === undefined) command.error("error: required option '--root <dir>' not specified");
  if (port === undefined) command.error("error: required option '--port <number>' not specified");
}

function addMappingService(program: Command, end: End): void {
  program
    .command('mapping-service')
    .description('start alone what tells an SRM service who its clients are (as GUMS does)')
    .requiredOption('--grid-mapfile <file>', 'who is mapped')
    .requiredOption('--port <number>', 'port to listen on; 0: any free one', parseWhole(0, HIGHEST_PORT))
    .option('--latency <span>', 'how long an answer takes', parseSpan, 0)
    .option('--stop-with-stdin', 'stop when standard input ends', false)
    .action(async (flags: MappingServiceFlags) => {
      const { mappingService } = await import('./commands/mapping-service.ts');
      end(await mappingService(flags));
    });
}

function addRelay(program: Command, end: End): void {
  program
    .command('relay')
    .description('put distance between clients and a service of this machine')
    .requiredOption('--to <address:port>', 'the service, on loopback')
    .requiredOption('--round-trip <span>', 'how long the way there and back takes', parseSpan)
    .requiredOption('--port <number>', 'port to listen on; 0: any free one', parseWhole(0, HIGHEST_PORT))
    .option('--stop-with-stdin', 'stop when standard input ends', false)
    .action(async (flags: RelayFlags) => {
      const { relay } = await import('./commands/relay.ts');
      end(await relay(flags));
    });
}
