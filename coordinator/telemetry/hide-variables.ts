/** Libraries that configure themselves from the environment, kept from doing so. */

/**
 * Calls `make` while no variable with this prefix is set. Nobody else can see that, as long as `make` does not wait for
 * anything.
 */
export function hideVariables<T>(prefix: string, environment: NodeJS.ProcessEnv, make: () => T): T {
  const hidden = Object.entries(environment).filter(([name]) => name.startsWith(prefix));
  for (const [name] of hidden) delete environment[name];
  try {
    return make();
  } finally {
    for (const [name, value] of hidden) environment[name] = value;
  }
}
