/** PEM texts: their blocks, in order. */

export type PemBlock = {
  /** What stands in the BEGIN line, `CERTIFICATE` or `RSA PRIVATE KEY`. */
  label: string;
  /** Header lines inside of it (`Proc-Type: 4,ENCRYPTED`). */
  headers: string[];
  der: Uint8Array;
  /** The block as text, ending in a new line. */
  pem: string;
};

const CERTIFICATE_LABELS: ReadonlySet<string> = new Set(['CERTIFICATE', 'X509 CERTIFICATE']);

/** All blocks of a text; what stands around them, and a block without an end, is left out. Takes time in proportion to the text. */
export function readPemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let label: string | null = null;
  let lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, edge, edgeLabel] = /^\s*-----(BEGIN|END) ([A-Z0-9 ]+)-----\s*$/.exec(line) ?? [];
    if (edge === 'BEGIN') {
      label = edgeLabel as string;
      lines = [];
    } else if (edge === 'END') {
      if (label !== null && edgeLabel === label) blocks.push(makeBlock(label, lines));
      label = null;
    } else if (label !== null) {
      lines.push(line.trim());
    }
  }
  return blocks;
}

/** The blocks that hold a certificate. */
export function readCertificateBlocks(text: string): PemBlock[] {
  return readPemBlocks(text).filter(({ label }) => CERTIFICATE_LABELS.has(label));
}

/** A certificate as PEM. */
export function writeCertificatePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function makeBlock(label: string, lines: string[]): PemBlock {
  const headers = lines.filter((line) => line.includes(':'));
  const der = Buffer.from(lines.filter((line) => !line.includes(':')).join(''), 'base64');
  return { label, headers, der, pem: [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n') };
}
