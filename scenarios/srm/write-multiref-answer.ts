/**
 * Listings as BeStMan writes them (Axis 1.4, sendMultiRefs, xsi:type): every structure is a `multiRef` of its own beside the
 * response, found by its id; equal constants share one; what is null is there as xsi:nil.
 */

import { type LsOperation, SOAP_ENCODING, SRM_NAMESPACE, escapeXml } from './wire.ts';
import type { LsReply, PathDetail } from './ls-reply.ts';

/** A structure that hrefs stand for; its own hrefs are numbered when it is written, so that ids count up breadth first. */
type Structure = { type: string; writeFields: (fields: FieldWriter) => string };

/** Writes the fields of one structure, null as nil. */
type FieldWriter = {
  simple(name: string, xsdType: string, value: string | number | null): string;
  constant(name: string, type: string, value: string | null): string;
  structure(name: string, type: string, value: Structure | null): string;
};

export function writeMultiRefLsResponse(reply: LsReply, operation: LsOperation): string {
  const name = `${operation}Response`;
  const head =
    `<ns1:${name} soapenv:encodingStyle="${SOAP_ENCODING}" xmlns:ns1="${SRM_NAMESPACE}">` +
    `<${name} href="#id0"/></ns1:${name}>`;
  return head + writeStructures(lsResponse(reply, operation));
}

/** This one as `id0`, then all that it holds. */
function writeStructures(root: Structure): string {
  const queue = [root];
  const constants = new Map<string, number>();
  const enqueue = (structure: Structure): number => queue.push(structure) - 1;
  let xml = '';
  for (let id = 0; id < queue.length; id += 1) {
    const { type, writeFields } = queue[id] as Structure;
    // Axis binds a prefix of its own for every element: ns1 is the response's.
    const prefix = `ns${id + 2}`;
    xml +=
      `<multiRef id="id${id}" soapenc:root="0" soapenv:encodingStyle="${SOAP_ENCODING}" xsi:type="${prefix}:${type}"` +
      ` xmlns:soapenc="${SOAP_ENCODING}" xmlns:${prefix}="${SRM_NAMESPACE}">` +
      `${writeFields(createFieldWriter(prefix, constants, enqueue))}</multiRef>`;
  }
  return xml;
}

function createFieldWriter(
  prefix: string,
  constants: Map<string, number>,
  enqueue: (structure: Structure) => number,
): FieldWriter {
  return {
    simple(name, xsdType, value) {
      if (value === null) return writeNil(name, `xsd:${xsdType}`);
      return `<${name} xsi:type="xsd:${xsdType}">${typeof value === 'string' ? escapeXml(value) : value}</${name}>`;
    },
    constant(name, type, value) {
      if (value === null) return writeNil(name, `${prefix}:${type}`);
      const key = `${type} ${value}`;
      const id = constants.get(key) ?? enqueue({ type, writeFields: () => value });
      constants.set(key, id);
      return `<${name} href="#id${id}"/>`;
    },
    structure(name, type, value) {
      return value === null ? writeNil(name, `${prefix}:${type}`) : `<${name} href="#id${enqueue(value)}"/>`;
    },
  };
}

function writeNil(name: string, type: string): string {
  return `<${name} xsi:type="${type}" xsi:nil="true"/>`;
}

function lsResponse(reply: LsReply, operation: LsOperation): Structure {
  const { requestStatus, explanation, requestToken = null, paths } = reply;
  return {
    type: `${operation}Response`,
    writeFields: ({ simple, structure }) =>
      structure('returnStatus', 'TReturnStatus', returnStatus(requestStatus, explanation)) +
      (operation === 'srmLs' ? simple('requestToken', 'string', requestToken) : '') +
      structure('details', 'ArrayOfTMetaDataPathDetail', pathDetails(paths)),
  };
}

function returnStatus(code: string, explanation: string | null): Structure {
  return {
    type: 'TReturnStatus',
    writeFields: ({ simple, constant }) =>
      constant('statusCode', 'TStatusCode', code) + simple('explanation', 'string', explanation),
  };
}

function pathDetails(paths: readonly PathDetail[] | null): Structure | null {
  if (paths === null || paths.length === 0) return null;
  return {
    type: 'ArrayOfTMetaDataPathDetail',
    writeFields: ({ structure }) =>
      paths.map((path) => structure('pathDetailArray', 'TMetaDataPathDetail', pathDetail(path))).join(''),
  };
}

function pathDetail(detail: PathDetail): Structure {
  const { path, bytes, modifiedAtMs, type, top, checksum, subPaths } = detail;
  return {
    type: 'TMetaDataPathDetail',
    writeFields: ({ simple, constant, structure }) =>
      simple('path', 'string', path) +
      structure('status', 'TReturnStatus', returnStatus(detail.status, detail.explanation)) +
      simple('size', 'unsignedLong', bytes) +
      simple('createdAtTime', 'dateTime', null) +
      simple('lastModificationTime', 'dateTime', modifiedAtMs === null ? null : new Date(modifiedAtMs).toISOString()) +
      constant('fileStorageType', 'TFileStorageType', null) +
      structure('retentionPolicyInfo', 'TRetentionPolicyInfo', null) +
      constant('fileLocality', 'TFileLocality', top?.fileLocality ?? null) +
      structure('arrayOfSpaceTokens', 'ArrayOfString', null) +
      constant('type', 'TFileType', type) +
      simple('lifetimeAssigned', 'int', null) +
      simple('lifetimeLeft', 'int', top?.lifetimeLeftS ?? null) +
      structure('ownerPermission', 'TUserPermission', top && permission('TUserPermission', 'userID', top.owner)) +
      structure('groupPermission', 'TGroupPermission', top && permission('TGroupPermission', 'groupID', top.group)) +
      constant('otherPermission', 'TPermissionMode', top?.otherMode ?? null) +
      simple('checkSumType', 'string', checksum?.type ?? null) +
      simple('checkSumValue', 'string', checksum?.value ?? null) +
      structure('arrayOfSubPaths', 'ArrayOfTMetaDataPathDetail', pathDetails(subPaths)),
  };
}

function permission(type: string, idField: string, { id, mode }: { id: string; mode: string }): Structure {
  return {
    type,
    writeFields: ({ simple, constant }) => simple(idField, 'string', id) + constant('mode', 'TPermissionMode', mode),
  };
}
