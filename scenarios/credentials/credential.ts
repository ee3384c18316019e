/** What a client shows of itself, and how clients share a pool of such. */

/** PEM texts; the key is a secret: it is never logged, written down or put on a command line. */
export type Credential = {
  /** The certificate that is shown first, then those that lead towards an authority (a proxy's user certificate, …). */
  certificateChain: string;
  privateKey: string;
};

/** The credentials of clients from number `from` on, in turns; an empty list: they show none. */
export type CredentialShare = { from: number; list: readonly Credential[] };

/** The credential of one client of the cell. */
export function credentialOf({ from, list }: CredentialShare, client: number): Credential | null {
  return list.length === 0 ? null : (list[(client - from) % list.length] as Credential);
}

/** What clients `firstClient` … `firstClient + clients - 1` need of a pool that all clients of the cell take turns in. */
export function shareCredentials(pool: readonly Credential[], firstClient: number, clients: number): CredentialShare {
  const needed = Math.min(pool.length, clients);
  const list = Array.from({ length: needed }, (_, index) => pool[(firstClient + index) % pool.length] as Credential);
  return { from: firstClient, list };
}
