/** Opens sockets to an address that is already resolved: no name is looked up, no proxy is asked. */

import { type Socket, connect as connectTcp } from 'node:net';
import type { buildConnector } from 'undici';
import type { ResolvedTarget } from './scenario.ts';

export type ResolvedAddress = ResolvedTarget['addresses'][number];

/** Hears of a connection at the instants that are measured. */
export type ConnectionListener = {
  /** There is a socket, which has not called connect() yet. */
  created(socket: Socket): void;
  /** connect() is being called. */
  connecting(): void;
  connected(): void;
};

/** An undici connector for one address. */
export function createConnector(address: ResolvedAddress, listener: ConnectionListener): buildConnector.connector {
  return (_options, callback) => {
    const socket = connectTcp({ host: address.address, port: address.port, family: address.family, noDelay: true });
    listener.created(socket);
    // Node calls connect() in a later tick: with a thousand clients started in one go, tens of milliseconds later.
    socket.once('connectionAttempt', () => listener.connecting());
    socket.once('connect', () => {
      listener.connected();
      socket.off('error', failed);
      callback(null, socket);
    });
    const failed = (error: Error): void => callback(error, null);
    socket.once('error', failed);
  };
}

/**
 * The address of a client: they take turns.
 * @throws RangeError when the target has none (a bug of the caller)
 */
export function addressOf(target: ResolvedTarget, client: number | string): ResolvedAddress {
  const index = typeof client === 'number' ? client % target.addresses.length : 0;
  const address = target.addresses[index];
  if (address === undefined) throw new RangeError(`target ${target.origin} has no address`);
  return address;
}
