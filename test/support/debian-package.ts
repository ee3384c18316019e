/** Tests that need a Debian package install it where that was allowed, and skip with one line where it was not. */

import { spawnSync } from 'node:child_process';
import type { ExecutionContext } from 'ava';

/** One installation at a time (tests run side by side), and no daemon is started by it. */
const INSTALL = `
set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod +x "$policy"
fi
apt-get update -qq
apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$@"
`;
const LOCK = '/var/lock/glidetester-install';

/**
 * Whether the packages are there, after installing them if CI=true or GT_TEST_INSTALL=1. When not, it has logged the command
 * that would help, and the test should pass as skipped.
 *
 * @throws Error with apt's words when an allowed installation fails
 */
export async function ensureDebianPackage(t: ExecutionContext, names: string[]): Promise<boolean> {
  if (names.every(isInstalled)) return true;
  const allowed = process.env['CI'] === 'true' || process.env['GT_TEST_INSTALL'] === '1';
  if (!allowed || process.getuid?.() !== 0) {
    t.log(`skipped: needs \`apt-get install -y ${names.join(' ')}\` (GT_TEST_INSTALL=1 lets the test do it as root)`);
    return false;
  }
  t.timeout(300_000, `installing ${names.join(' ')}`);
  const { status, stderr, error } = spawnSync('flock', [LOCK, 'sh', '-c', INSTALL, 'install', ...names], {
    encoding: 'utf8',
    timeout: 280_000,
  });
  if (status !== 0) throw new Error(`installing ${names.join(' ')} failed: ${error?.message ?? stderr}`);
  return true;
}

function isInstalled(name: string): boolean {
  const { stdout } = spawnSync('dpkg-query', ['--show', '--showformat', '${Status}', name], { encoding: 'utf8' });
  return stdout === 'install ok installed';
}
