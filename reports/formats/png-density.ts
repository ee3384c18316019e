/** How many dots to the inch a PNG has, said in the file: without it a typesetter makes a guess. https://www.w3.org/TR/png-3/#11pHYs */

import { crc32 } from 'node:zlib';

/** Signature and IHDR, which comes first and always has the same length. */
const HEAD_BYTES = 33;
const METRES_PER_INCH = 0.0254;
const UNIT_METRE = 1;

/** The same picture with its density; @param png without one */
export function writeDensity(png: Buffer, dotsPerInch: number): Buffer {
  const content = Buffer.alloc(13);
  content.write('pHYs', 'latin1');
  const dotsPerMetre = Math.round(dotsPerInch / METRES_PER_INCH);
  content.writeUInt32BE(dotsPerMetre, 4);
  content.writeUInt32BE(dotsPerMetre, 8);
  content.writeUInt8(UNIT_METRE, 12);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length - 4);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(content));
  return Buffer.concat([png.subarray(0, HEAD_BYTES), length, content, check, png.subarray(HEAD_BYTES)]);
}
