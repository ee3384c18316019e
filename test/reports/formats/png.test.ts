import { inflateSync } from 'node:zlib';
import test from 'ava';
import { convertToPng, requireRsvg } from '../../../reports/formats/rsvg.ts';
import { ensureDebianPackage } from '../../support/debian-package.ts';

/** The chunks of a PNG by their names; those of the picture joined. */
function readChunks(png: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const end = at + 8 + png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    chunks.set(name, Buffer.concat([chunks.get(name) ?? Buffer.alloc(0), png.subarray(at + 8, end)]));
    at = end + 4;
  }
  return chunks;
}

const SQUARE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48" viewBox="0 0 96 48"><rect width="48" height="48" fill="#000"/></svg>';

test('a PNG has the asked dots to an inch of its natural size, says so, and stands on white', async (t) => {
  if (!(await ensureDebianPackage(t, ['librsvg2-bin']))) return t.pass();
  const chunks = readChunks(await convertToPng(SQUARE, 300));
  const head = chunks.get('IHDR') as Buffer;
  t.deepEqual([head.readUInt32BE(0), head.readUInt32BE(4)], [300, 150]);
  // 300 dots an inch of 0.0254 m.
  const density = chunks.get('pHYs') as Buffer;
  t.deepEqual([density.readUInt32BE(0), density.readUInt32BE(4), density[8]], [11_811, 11_811, 1]);
  const picture = inflateSync(chunks.get('IDAT') as Buffer);
  t.true(picture.includes(0) && picture.includes(255));
  return t.pass();
});

test('what rsvg-convert can’t read is an error with its words', async (t) => {
  if (!(await ensureDebianPackage(t, ['librsvg2-bin']))) return t.pass();
  await requireRsvg();
  await t.throwsAsync(convertToPng('<svg', 96), { code: 'GT_RSVG_FAILED', message: /rsvg-convert made no PNG.*XML/s });
  return t.pass();
});
