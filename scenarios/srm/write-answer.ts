/** Writes answers: parameters unqualified and in the order of the WSDL. */

import type { LsReply, PathDetail, TopPathFields } from './ls-reply.ts';
import { type LsOperation, SRM_NAMESPACE, escapeXml, writeAnswerEnvelope } from './wire.ts';
import { writeMultiRefLsResponse } from './write-multiref-answer.ts';

/** How an answer is written: as gSOAP servers do, or as BeStMan does. */
export type AnswerForm = 'inline' | 'multiref';

/** `operation`: the one that is answered; srmStatusOfLsRequest has no place for the token. */
export function writeLsAnswer(
  reply: LsReply,
  { form = 'inline', operation = 'srmLs' }: { form?: AnswerForm; operation?: LsOperation } = {},
): string {
  return writeAnswerEnvelope(
    form === 'multiref' ? writeMultiRefLsResponse(reply, operation) : writeInlineLsResponse(reply, operation),
  );
}

export function writePingAnswer(
  versionInfo: string,
  otherInfo: readonly (readonly [key: string, value: string])[],
): string {
  const extra = otherInfo.map(
    ([key, value]) => `<extraInfoArray><key>${escapeXml(key)}</key><value>${escapeXml(value)}</value></extraInfoArray>`,
  );
  return writeAnswerEnvelope(
    `<ns1:srmPingResponse xmlns:ns1="${SRM_NAMESPACE}"><srmPingResponse>` +
      `<versionInfo>${escapeXml(versionInfo)}</versionInfo><otherInfo>${extra.join('')}</otherInfo>` +
      `</srmPingResponse></ns1:srmPingResponse>`,
  );
}

/** To be sent with HTTP status 500. `party`: whose fault it is. */
export function writeFault(party: 'Client' | 'Server', text: string): string {
  return writeAnswerEnvelope(
    `<soapenv:Fault><faultcode>soapenv:${party}</faultcode><faultstring>${escapeXml(text)}</faultstring></soapenv:Fault>`,
  );
}

function writeInlineLsResponse(reply: LsReply, operation: LsOperation): string {
  const name = `${operation}Response`;
  const token = operation === 'srmLs' ? (reply.requestToken ?? '') : '';
  const details = reply.paths.map(writePathDetail).join('');
  return (
    `<ns1:${name} xmlns:ns1="${SRM_NAMESPACE}"><${name}>` +
    `<returnStatus>${writeStatus(reply.requestStatus, reply.explanation)}</returnStatus>` +
    (token === '' ? '' : `<requestToken>${escapeXml(token)}</requestToken>`) +
    `${details === '' ? '' : `<details>${details}</details>`}</${name}></ns1:${name}>`
  );
}

function writePathDetail(detail: PathDetail): string {
  const { top, checksum } = detail;
  let xml = `<pathDetailArray><path>${escapeXml(detail.path)}</path><status>${writeStatus(detail.status, detail.explanation)}</status>`;
  if (detail.bytes !== null) xml += `<size>${detail.bytes}</size>`;
  if (detail.modifiedAtMs !== null) {
    xml += `<lastModificationTime>${new Date(detail.modifiedAtMs).toISOString()}</lastModificationTime>`;
  }
  if (top !== null) xml += `<fileLocality>${top.fileLocality}</fileLocality>`;
  if (detail.type !== null) xml += `<type>${detail.type}</type>`;
  if (top !== null) xml += writePermissions(top);
  if (checksum !== null) {
    xml += `<checkSumType>${checksum.type}</checkSumType><checkSumValue>${checksum.value}</checkSumValue>`;
  }
  if (detail.subPaths !== null && detail.subPaths.length > 0) {
    xml += '<arrayOfSubPaths>';
    for (const subPath of detail.subPaths) xml += writePathDetail(subPath);
    xml += '</arrayOfSubPaths>';
  }
  return `${xml}</pathDetailArray>`;
}

function writePermissions({ lifetimeLeftS, owner, group, otherMode }: TopPathFields): string {
  return (
    `<lifetimeLeft>${lifetimeLeftS}</lifetimeLeft>` +
    `<ownerPermission><userID>${escapeXml(owner.id)}</userID><mode>${owner.mode}</mode></ownerPermission>` +
    `<groupPermission><groupID>${escapeXml(group.id)}</groupID><mode>${group.mode}</mode></groupPermission>` +
    `<otherPermission>${otherMode}</otherPermission>`
  );
}

function writeStatus(code: string, explanation: string | null): string {
  const said = explanation === null ? '' : `<explanation>${escapeXml(explanation)}</explanation>`;
  return `<statusCode>${code}</statusCode>${said}`;
}
