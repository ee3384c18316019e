/** Listings of any shape and content, for properties. */

import * as fc from 'fast-check';
import type { LsReply, PathDetail, TopPathFields } from '../../../scenarios/srm/ls-reply.ts';

const status = fc.constantFrom('SRM_SUCCESS', 'SRM_SUCCESS', 'SRM_SUCCESS', 'SRM_INVALID_PATH', 'SRM_FILE_BUSY');
const text = fc.string({ unit: 'grapheme' });
/** Empty and absent read alike. */
const someText = text.filter((said) => said !== '');
const mode = fc.constantFrom('NONE' as const, 'X' as const, 'RX' as const, 'RWX' as const);
const permission = fc.record({ id: text, mode });

const top: fc.Arbitrary<TopPathFields> = fc.record({
  fileLocality: fc.constant('ONLINE'),
  lifetimeLeftS: fc.integer({ min: -1 }),
  owner: permission,
  group: permission,
  otherMode: mode,
});

const { detail } = fc.letrec<{ detail: PathDetail }>((tie) => ({
  detail: fc.record({
    path: text,
    status,
    explanation: fc.option(text),
    type: fc.constantFrom('FILE', 'DIRECTORY', null),
    bytes: fc.option(fc.nat()),
    modifiedAtMs: fc.option(fc.nat()),
    checksum: fc.option(fc.constant({ type: 'adler32', value: '0a1b2c3d' })),
    top: fc.option(top),
    subPaths: fc.option(fc.array(tie('detail'), { maxLength: 4 }), { maxDepth: 4 }),
  }),
}));

export const randomReply: fc.Arbitrary<LsReply> = fc.record<LsReply>({
  requestStatus: status,
  explanation: fc.option(someText),
  requestToken: fc.option(someText, { nil: null }),
  paths: fc.array(detail, { maxLength: 4 }),
});
