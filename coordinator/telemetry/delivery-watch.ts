/**
 * Says once when metrics do not arrive, with what to do, and at the end if the final figures are missing after all.
 *
 * | state | on | said | next |
 * | --- | --- | --- | --- |
 * | silent | failed | the warning | warned, failing |
 * | warned, failing | failed | | warned, failing |
 * | warned, failing | arrived | | warned, back |
 * | warned, back | failed | | warned, missing |
 * | warned, missing | arrived | | warned, back |
 * | warned, missing | the end | the final figures are missing | |
 */

import { putOnOneLine } from '../../reports/plain-text.ts';

export type DeliveryWatch = {
  arrived(): void;
  failed(reason: string): void;
  /** The last export is over. */
  end(): void;
};

/** A receiver's own words may be of any length. */
const LONGEST_REASON = 200;

export function createDeliveryWatch(url: string, warn: (text: string) => void): DeliveryWatch {
  let state: 'silent' | 'failing' | 'back' | 'missing' = 'silent';
  let lastReason = '';
  return {
    arrived() {
      if (state !== 'silent') state = 'back';
    },
    failed(reason) {
      lastReason = putOnOneLine(reason).slice(0, LONGEST_REASON);
      if (state === 'back') state = 'missing';
      if (state !== 'silent') return;
      state = 'failing';
      warn(
        `metrics do not arrive at ${url}: ${lastReason}. The campaign does not need them; see that a receiver of OTLP over HTTP listens there, or correct telemetry.otlp.url`,
      );
    },
    end() {
      if (state === 'missing') warn(`the final metrics have not arrived at ${url}: ${lastReason}`);
    },
  };
}
