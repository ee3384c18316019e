/** Whether an identity may use the service, and as which local user: what the service asks before it lists. */

/** `failed`: it could not be found out, `outOfDescriptors`: because there was none. */
export type Mapping =
  | { kind: 'mapped'; localUser: string }
  | { kind: 'unmapped' }
  | { kind: 'failed'; reason: string; outOfDescriptors?: boolean };

export type Authorizer = {
  /** @param identity subject of the user's certificate in slash form, `/DC=org/CN=Somebody`; never rejects */
  map(identity: string): Promise<Mapping>;
};
