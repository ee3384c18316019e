/** One srmLs of one directory, followed through queues and pages, and judged by its whole answer. */

import type { Outcome } from '../foundation/outcome.ts';
import { type AnswerBody, type AnswerMemory, createAnswerMemory } from './answer-memory.ts';
import { DEFAULT_PORTS } from './http/connect.ts';
import type { SrmLsSpec } from './srm-ls-spec.ts';
import type { ClientContext, Exchange, PreparedScenario, ResolvedTarget } from './scenario.ts';
import { findIndifferentTexts } from './srm/indifferent-texts.ts';
import type { LsAnswer } from './srm/ls-answer.ts';
import { type LsAsk, type LsConversation, prepareLsConversations } from './srm/ls-conversation.ts';
import { readLsAnswer } from './srm/read-answer.ts';
import { LS_SOAP_ACTION, SOAP_CONTENT_TYPE, STATUS_OF_LS_SOAP_ACTION } from './srm/wire.ts';
import { HttpScenarioClient } from './http/http-scenario-client.ts';
import type { AskAgain } from './http/http-client.ts';

/** What the clients of a thread have in common. */
type Shared = {
  begin(): LsConversation;
  /** By the value of the SOAPAction header. */
  headers: ReadonlyMap<string, readonly string[]>;
  memory: AnswerMemory<LsAnswer | null>;
};

/** The clients of a thread that list one directory: they share its request, and what was read of its answers. */
export function prepareSrmLs({ directory, detail, levels, expectEntries }: SrmLsSpec): PreparedScenario {
  const createShared = ({ origin, path, userAgent }: ResolvedTarget): Shared => {
    const surls = [surlOf(origin, path, directory)];
    const headersFor = (soapAction: string) => [
      'content-type',
      SOAP_CONTENT_TYPE,
      'user-agent',
      userAgent,
      'soapaction',
      soapAction,
    ];
    return {
      begin: prepareLsConversations({ surls, detail, levels, expectEntries }),
      headers: new Map([LS_SOAP_ACTION, STATUS_OF_LS_SOAP_ACTION].map((action) => [action, headersFor(action)])),
      memory: createAnswerMemory({ read: readLsAnswer, findIndifferent: findIndifferentTexts }),
    };
  };
  const known = new Map<ResolvedTarget, Shared>();
  return (context) => {
    let shared = known.get(context.target);
    if (shared === undefined) known.set(context.target, (shared = createShared(context.target)));
    return new SrmLsClient(context, shared);
  };
}

/**
 * The answer is read once it is whole: reading a large listing takes milliseconds, and done between its pieces it would delay the
 * moment at which we see the last byte. So it counts as the client's turning round, not as service time.
 */
class SrmLsClient extends HttpScenarioClient {
  readonly #shared: Shared;
  readonly #conversation: LsConversation;
  readonly #body: AnswerBody<LsAnswer | null>;
  /** Of the operation under way. */
  #exchange: Exchange | null = null;
  #sequence = 0;
  #step = 0;
  #status = 0;

  constructor(context: ClientContext, shared: Shared) {
    super(context, { method: 'POST', path: context.target.path, headers: [], operation: null, body: null });
    this.#shared = shared;
    this.#conversation = shared.begin();
    this.#body = shared.memory.createBody();
  }

  perform(sequence: number, exchange: Exchange, ended: () => void, started?: () => void): void {
    this.#sequence = sequence;
    this.#step = 0;
    this.#exchange = exchange;
    this.#ask(this.#conversation.begin());
    this.send(exchange, ended, started);
  }

  begin(status: number): void {
    this.#status = status;
    this.#body.begin();
  }

  write(chunk: Buffer, start: number, end: number): void {
    this.#body.write(chunk, start, end);
  }

  /** HTTP 200 and 500 carry SOAP (500: a fault); any other status is an outcome by itself, whatever its body says. */
  end(): Outcome | AskAgain {
    const status = this.#status;
    const unread: Outcome = status === 200 ? 'malformed' : `status/http-${status}`;
    if (status !== 200 && status !== 500) return unread;
    const answer = this.#body.end();
    return answer === null ? unread : this.#judge(answer);
  }

  #judge(answer: LsAnswer): Outcome | AskAgain {
    const turn = this.#conversation.hear(answer);
    if (turn.kind === 'ended') return turn.outcome;
    this.#step += 1;
    const exchange = this.#exchange as Exchange;
    if (turn.because === 'poll') exchange.polls += 1;
    else exchange.pages += 1;
    this.#ask(turn.ask);
    return { askAgainInMs: turn.afterMs };
  }

  #ask({ soapAction, body }: LsAsk): void {
    this.request.body = body;
    this.request.headers = this.#shared.headers.get(soapAction) as readonly string[];
    this.name(this.#sequence, this.#step);
  }
}

/** `srm://host:port/service?SFN=/path`; what a URI can't hold is percent-encoded (Axis refuses a bare blank). */
export function surlOf(origin: string, servicePath: string, directory: string): string {
  const { hostname, port, protocol } = new URL(origin);
  // Always with its port: what a URL leaves out is not what a SURL stands for without one (8443).
  const authority = `${hostname}:${port || DEFAULT_PORTS[protocol]}`;
  return `srm://${authority}${servicePath}?SFN=${encodeURI(directory).replaceAll('#', '%23').replaceAll('?', '%3F')}`;
}
