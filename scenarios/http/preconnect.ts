/** Opens the connection of an undici client before there is anything to send. */

import type { Dispatcher } from 'undici';

const NOTHING_TO_SEND = new Error('the connection is open and nothing is to be sent');

/**
 * Makes the client connect; no byte leaves. Resolves to null once the connection stands, else to the error.
 *
 * undici has no call for this: it connects for a request, asks the request's handler whether it may be sent, and drops the
 * request, not the connection, when the handler throws.
 */
export function openConnection(client: Dispatcher, request: Dispatcher.DispatchOptions): Promise<Error | null> {
  return new Promise((resolve) => {
    client.dispatch(request, {
      onRequestStart() {
        throw NOTHING_TO_SEND;
      },
      onResponseStart() {},
      onResponseData() {},
      onResponseEnd() {},
      onResponseError: (_controller, error) => resolve(error === NOTHING_TO_SEND ? null : error),
    });
  });
}
