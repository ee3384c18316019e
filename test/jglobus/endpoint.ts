/** A grid service that others wrote, for tests: JGlobus' GSI acceptor before Axis 1.4, built from Debian's packages. */

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import type { CertificateFolderPaths } from '../../scenarios/credentials/certificate-paths.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

export const JAVA_PACKAGES = [
  'default-jdk-headless',
  'libaxis-java',
  'libjglobus-gss-java',
  'libjglobus-ssl-proxies-java',
];

const JARS =
  'jglobus-gss jglobus-jsse jglobus-ssl-proxies axis jaxrpc saaj wsdl4j commons-logging commons-discovery commons-codec commons-io bcprov log4j-1.2';
const CLASS_PATH = JARS.split(' ')
  .map((name) => `/usr/share/java/${name}.jar`)
  .join(':');
const SOURCES = fileURLToPath(new URL('./endpoint/', import.meta.url));
const PACKAGE = 'gov/lbl/srm/StorageResourceManager';
const STARTS_WITHIN_MS = 60_000;

const run = promisify(execFile);

export type AxisEndpoint = {
  port: number;
  /** Of the service. */
  path: string;
  /** Subjects of the users that the acceptor let in, in order, and why it refused the others. */
  said: string[];
};

/** Serves the directories below `root`, as the host of these certificates. Ends with the test. */
export async function startAxisEndpoint(
  t: ExecutionContext,
  root: string,
  { caDirectory, hostCertificate, hostKey }: CertificateFolderPaths,
): Promise<AxisEndpoint> {
  const folder = await makeTemporaryFolder(t);
  const classes = await compile(folder);
  const deployment = join(folder, 'generated', PACKAGE, 'deploy.wsdd');
  const child = spawn(
    'java',
    [
      `-DX509_CERT_DIR=${caDirectory}`,
      `-Droot=${root}`,
      '-cp',
      `${CLASS_PATH}:${classes}`,
      'Endpoint',
      hostCertificate,
      hostKey,
      deployment,
      folder,
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const said: string[] = [];
  const listening = new Promise<number>((resolve, reject) => {
    const take = (line: string): void => {
      said.push(line);
      const port = /^listening (\d+)$/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    createInterface(child.stdout).on('line', take);
    createInterface(child.stderr).on('line', take);
    child.once('exit', (code) => reject(new Error(`the endpoint ended (${code}): ${said.join('\n')}`)));
  });
  return { port: await listening, path: '/axis/services/server', said };
}

/** Java as Axis' own tool makes it of the interface, with our listing behind it. */
async function compile(folder: string): Promise<string> {
  const [generated, classes] = [join(folder, 'generated'), join(folder, 'classes')];
  await mkdir(classes);
  const limits = { timeout: STARTS_WITHIN_MS };
  const toJava = ['org.apache.axis.wsdl.WSDL2Java', '-w', '--server-side', '-o', generated, join(SOURCES, 'srm.wsdl')];
  await run('java', ['-cp', CLASS_PATH, ...toJava], limits);
  const implementation = 'SrmSoapBindingImpl.java';
  await copyFile(join(SOURCES, implementation), join(generated, PACKAGE, implementation));
  const made = (await readdir(join(generated, PACKAGE))).filter((name) => name.endsWith('.java'));
  const files = [
    ...['GsiServerSocket.java', 'Endpoint.java'].map((name) => join(SOURCES, name)),
    ...made.map((name) => join(generated, PACKAGE, name)),
  ];
  await run('javac', ['-nowarn', '-cp', CLASS_PATH, '-d', classes, ...files], limits);
  return classes;
}
