/** A config that is a function of named parameters: how `defineConfig` marks one, and how its reader knows it. */

export type ParameterValue = number | string | boolean;

export type Parameters = Readonly<Record<string, ParameterValue>>;

/** The types of a config's parameters: those of their defaults, as wide as a value from outside may be. */
export type ParametersOf<Defaults extends Parameters> = Readonly<{
  [Name in keyof Defaults]: Defaults[Name] extends number ? number : Defaults[Name] extends string ? string : boolean;
}>;

/** The same symbol in every copy of the package: a config may have been given its helpers by another one. */
const MARK = Symbol.for('glidetester.parameterised-config');

/** What a config file exports that is made once its parameters are known. */
export type ParameterisedConfig = {
  readonly [MARK]: true;
  readonly defaults: Parameters;
  readonly build: (parameters: Parameters) => unknown;
};

/** @throws TypeError when `build` is no function: JavaScript has no type check that would say so */
export function parameterise(defaults: Parameters, build: (parameters: Parameters) => unknown): ParameterisedConfig {
  if (typeof build !== 'function')
    throw new TypeError('expected a function of the parameters as the second argument of defineConfig');
  return Object.freeze({ [MARK]: true as const, defaults, build });
}

export function isParameterised(value: unknown): value is ParameterisedConfig {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, MARK);
}

/** Names and values for people: `scale = 25, host = 'desk'`. */
export function listParameters(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${typeof value === 'string' ? `'${value}'` : String(value)}`)
    .join(', ');
}
