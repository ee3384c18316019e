import test from 'ava';
import { requireNode } from '../../../coordinator/cli/node-version.ts';

const accepts = test.macro<[string]>({
  exec: (t, version) => t.notThrows(() => requireNode(version)),
  title: (_, version) => `Node ${version} will do`,
});
const refuses = test.macro<[string]>({
  exec: (t, version) =>
    void t.throws(() => requireNode(version), { code: 'GT_NODE_TOO_OLD', message: new RegExp(version) }),
  title: (_, version) => `Node ${version} is too old, and that is said`,
});

test(accepts, '24.12.0');
test(accepts, '24.21.0');
test(accepts, '26.0.1');
test(refuses, '20.20.2');
test(refuses, '24.11.9');
