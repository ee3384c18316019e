/** How far a relay reaches; apart, since the config's rules need it and nothing else of a relay. */

/** Further than the Moon: some services take as long over a step of a handshake, and a relay may stand for that too. */
export const LONGEST_ROUND_TRIP_MS = 60_000;
