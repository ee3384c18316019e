/** Distinguished names as they are encoded: taken apart and compared byte by byte, never as text. */

import { DER_TAGS, readDerContent, readDerInside, type DerElement } from './der.ts';
import { readObjectIdentifier } from './der-values.ts';

/** `type` is a dotted object identifier. */
export type NameAttribute = { type: string; value: DerElement };

/** One step of a name; nearly always of one attribute. */
export type NameStep = { bytes: Uint8Array; attributes: NameAttribute[] };

/** The whole of its bytes, and its steps (RDNs) in the order of the encoding. */
export type EncodedName = { bytes: Uint8Array; steps: NameStep[] };

const COMMON_NAME = '2.5.4.3';

/**
 * Takes a Name of a certificate apart.
 *
 * @throws RangeError when it is none
 */
export function readName(element: DerElement | undefined): EncodedName {
  const steps = readDerInside(element, DER_TAGS.sequence).map(readStep);
  return { bytes: (element as DerElement).bytes, steps };
}

function readStep(step: DerElement): NameStep {
  const attributes = readDerInside(step, DER_TAGS.set).map((attribute) => {
    const [type, value, ...more] = readDerInside(attribute, DER_TAGS.sequence);
    if (value === undefined || more.length > 0) throw new RangeError('expected a type and a value in a name');
    return { type: readObjectIdentifier(readDerContent(type, DER_TAGS.objectIdentifier)), value };
  });
  if (attributes.length === 0) throw new RangeError('expected an attribute in each step of a name');
  return { bytes: step.bytes, attributes };
}

/**
 * Whether two names are the same bytes. Authorities must write their name in the same way wherever it stands (RFC 5280,
 * 4.1.2.6), and holders of proxies copy theirs, so nothing is folded or trimmed before.
 */
export function isSameName(a: EncodedName, b: EncodedName): boolean {
  return isSameBytes(a.bytes, b.bytes);
}

/** Whether a name is `holder` and one more step, which is a single CN (RFC 3820, 3.4). */
export function addsOneCommonName(name: EncodedName, holder: EncodedName): boolean {
  const { length } = holder.steps;
  if (name.steps.length !== length + 1) return false;
  if (!holder.steps.every((step, index) => isSameBytes(step.bytes, (name.steps[index] as NameStep).bytes)))
    return false;
  return lastCommonName(name) !== null;
}

/** The value of the last step if that is a single CN, else null. */
export function lastCommonName(name: EncodedName): string | null {
  const attributes = name.steps.at(-1)?.attributes ?? [];
  const [attribute] = attributes;
  if (attributes.length !== 1 || attribute?.type !== COMMON_NAME) return null;
  return Buffer.from(attribute.value.content).toString('latin1');
}

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
