import { spawnSync } from 'node:child_process';
import test from 'ava';
import * as fc from 'fast-check';
import { readDerElement } from '../../../scenarios/credentials/der.ts';
import { slashName, writeSlashName } from '../../../scenarios/credentials/distinguished-name.ts';
import { addsOneCommonName, isSameName, readName } from '../../../scenarios/credentials/encoded-name.ts';
import { readCertificateBlocks, writeCertificatePem } from '../../../scenarios/credentials/pem.ts';
import { testCertificates, TEST_USER_SUBJECT } from '../../support/certificates.ts';
import { type Attribute, cn, encodeName, forge } from './forge-certificate.ts';

const UTF8_STRING = 0x0c;
const PRINTABLE_STRING = 0x13;
const TELETEX_STRING = 0x14;
const IA5_STRING = 0x16;
const UNIVERSAL_STRING = 0x1c;
const BMP_STRING = 0x1e;
const OCTET_STRING = 0x04;

const dc = (value: string): Attribute => ({ type: '0.9.2342.19200300.100.1.25', value, tag: IA5_STRING });
const uid = (value: string): Attribute => ({ type: '0.9.2342.19200300.100.1.1', value });
const read = (name: Uint8Array) => readName(readDerElement(name));
const write = (...steps: Parameters<typeof encodeName>): string => writeSlashName(read(encodeName(...steps)));

const cases: [title: string, text: string, ...steps: Parameters<typeof encodeName>][] = [
  [
    'steps stand in the order of the encoding',
    '/DC=org/DC=example/CN=Load Tester',
    dc('org'),
    dc('example'),
    cn('Load Tester'),
  ],
  [
    'known attributes have their names',
    '/UID=jd/emailAddress=jd@example.org/serialNumber=7',
    uid('jd'),
    { type: '1.2.840.113549.1.9.1', value: 'jd@example.org', tag: IA5_STRING },
    { type: '2.5.4.5', value: '7', tag: PRINTABLE_STRING },
  ],
  ['unknown attributes are dotted numbers', '/1.3.6.1.4.1.99999.7=x', { type: '1.3.6.1.4.1.99999.7', value: 'x' }],
  ['attributes of one step are joined by a plus', '/CN=jd+UID=7/CN=x', [cn('jd'), uid('7')], cn('x')],
  ['no step, no text', ''],
  ['a slash stays as it stands in grid-mapfiles', '/CN=host/a.example.org', cn('host/a.example.org')],
  ['a slash that reads like the next step is escaped', String.raw`/CN=x\x2FCN=Admin`, cn('x/CN=Admin')],
  ['a slash before a dotted number too', String.raw`/CN=x\x2F2.5.4.3=Admin`, cn('x/2.5.4.3=Admin')],
  ['a plus that reads like the next attribute is escaped', String.raw`/CN=C++ of x\x2BUID=0`, cn('C++ of x+UID=0')],
  ['control characters are escaped', String.raw`/CN=a\x0A\x00\x7Fb`, cn('a\n\0\u007Fb')],
  ['quotes and backslashes are escaped', String.raw`/CN=\x22a\x22 \x5Cx22`, cn(String.raw`"a" \x22`)],
  ['UTF-8 is written by bytes', String.raw`/CN=Ren\xC3\xA9`, cn('René')],
  [
    'a teletex string is written by bytes',
    String.raw`/CN=Ren\xE9`,
    { ...cn(''), value: Buffer.from('René', 'latin1'), tag: TELETEX_STRING },
  ],
  [
    'wide strings are written as UTF-8',
    String.raw`/CN=\xC3\xA9x`,
    { ...cn(''), value: Buffer.from([0, 0xe9, 0, 0x78]), tag: BMP_STRING },
  ],
  [
    'the widest too',
    String.raw`/CN=\xF0\x9F\x8C\x80`,
    { ...cn(''), value: Buffer.from([0, 1, 0xf3, 0]), tag: UNIVERSAL_STRING },
  ],
  ['a broken wide string is no string', '/CN=#1e0100', { ...cn(''), value: Buffer.from([0]), tag: BMP_STRING }],
  [
    'half a surrogate pair is no string',
    '/CN=#1e02d83c',
    { ...cn(''), value: Buffer.from([0xd8, 0x3c]), tag: BMP_STRING },
  ],
  [
    'what is no character is no string',
    '/CN=#1c0400110000',
    { ...cn(''), value: Buffer.from([0, 0x11, 0, 0]), tag: UNIVERSAL_STRING },
  ],
  [
    'what is no string is written by its encoding',
    '/CN=#0401ff',
    { ...cn(''), value: Buffer.from([0xff]), tag: OCTET_STRING },
  ],
  ['a string does not look like an encoding', String.raw`/CN=\x230401ff`, cn('#0401ff')],
];

for (const [title, text, ...steps] of cases) {
  test(`a name in slash form: ${title}`, (t) => {
    t.is(write(...steps), text);
  });
}

test('the subject of a certificate is written', async (t) => {
  const { user } = await testCertificates();
  const subjects = readCertificateBlocks(user.certificateChain).map(({ der }) => slashName(der));
  t.deepEqual(subjects, [TEST_USER_SUBJECT]);
});

test('what is no certificate has no subject', (t) => {
  t.throws(() => slashName(Buffer.from('no certificate')), { instanceOf: RangeError });
});

const types = ['2.5.4.3', '2.5.4.10', '0.9.2342.19200300.100.1.1', '1.2.3.4'] as const;
const hostileText = fc
  .array(fc.constantFrom('/', '+', '=', 'CN', 'UID', '1.2.3.4', '\\', 'x2F', '"', '#', '\n', '\0', 'a', ' ', 'é'), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
const attribute = fc.record({ type: fc.constantFrom(...types), value: hostileText });
const steps = fc.array(fc.array(attribute, { minLength: 1, maxLength: 2 }), { maxLength: 3 });

test('two different names never look the same', (t) => {
  const structures = new Map<string, string>();
  fc.assert(
    fc.property(steps, (name) => {
      const text = write(...name);
      const structure = JSON.stringify(name);
      const same = structures.get(text) ?? structure;
      structures.set(text, structure);
      return same === structure && /^[ -~]*$/.test(text) && !text.includes('"');
    }),
    { seed: 7, numRuns: 20_000 },
  );
  t.true(structures.size > 10_000);
});

/** Last numbers of the attributes of X.520 that have a name. */
const OF_X520 = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 17, 20, 41, 42, 43, 44, 46, 65, 97];

test('OpenSSL writes names alike, but for the slashes and pluses that it escapes everywhere', (t) => {
  if (spawnSync('openssl', ['version']).status !== 0) {
    t.log('skipped: needs `apt-get install -y openssl`');
    t.pass();
    return;
  }
  const names = [
    [dc('org'), cn('Load Tester')],
    [cn('René'), uid('7')],
    [cn('a\nb')],
    OF_X520.map((last) => ({ type: `2.5.4.${last}`, value: 'v' })),
  ];
  for (const name of names) {
    const { der } = forge({ subject: encodeName(...name), issuer: null });
    const { stdout } = spawnSync('openssl', ['x509', '-noout', '-subject', '-nameopt', 'compat'], {
      input: writeCertificatePem(der),
      encoding: 'utf8',
    });
    t.is(slashName(der), stdout.trim().replace('subject=', ''));
  }
});

test('a proxy adds one CN to its holder, and its bytes decide', (t) => {
  const holder = encodeName(dc('org'), cn('Jo'));
  const adds = (...more: Parameters<typeof encodeName>) => addsOneCommonName(read(encodeName(...more)), read(holder));
  t.true(adds(dc('org'), cn('Jo'), cn('1')));
  t.false(adds(dc('org'), cn('Jo')));
  t.false(adds(dc('org'), cn('Jo'), cn('1'), cn('2')));
  t.false(adds(dc('org'), cn('Jo'), uid('1')));
  t.false(adds(dc('org'), cn('Jo'), [cn('1'), cn('2')]));
  t.false(adds(dc('org'), cn('Jo', PRINTABLE_STRING), cn('1')));
  t.false(adds(dc('org'), cn('jo'), cn('1')));
  t.true(isSameName(read(holder), read(encodeName(dc('org'), cn('Jo', UTF8_STRING)))));
  t.false(isSameName(read(holder), read(encodeName(dc('org'), cn('Jo', PRINTABLE_STRING)))));
});
