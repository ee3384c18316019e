/** The answer to srmAbortRequest: a status, and nothing else that anybody reads. */

import { SRM_NAMESPACE, escapeXml, writeAnswerEnvelope } from './wire.ts';

export function writeAbortAnswer(statusCode: string, explanation: string | null): string {
  const said = explanation === null ? '' : `<explanation>${escapeXml(explanation)}</explanation>`;
  return writeAnswerEnvelope(
    `<ns1:srmAbortRequestResponse xmlns:ns1="${SRM_NAMESPACE}"><srmAbortRequestResponse>` +
      `<returnStatus><statusCode>${statusCode}</statusCode>${said}</returnStatus>` +
      '</srmAbortRequestResponse></ns1:srmAbortRequestResponse>',
  );
}
