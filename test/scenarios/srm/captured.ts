/** Messages of real programs: gfal2 2.21.3's requests, and an answer that it accepted; where one is pieced together, it says so. */

/** With the line end that gfal sends after the envelope. */
export const GFAL_LS_REQUEST =
  `<?xml version="1.0" encoding="UTF-8"?>\n` +
  `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:srm2="http://srm.lbl.gov/StorageResourceManager"><SOAP-ENV:Body SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><srm2:srmLs><srmLsRequest><arrayOfSURLs><urlArray>srm://localhost/data/dir10</urlArray></arrayOfSURLs><storageSystemInfo xsi:nil="true"/><fullDetailedList>true</fullDetailedList><numOfLevels>0</numOfLevels></srmLsRequest></srm2:srmLs></SOAP-ENV:Body></SOAP-ENV:Envelope>\r\n`;

export const ACCEPTED_LS_ANSWER = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><ns1:srmLsResponse xmlns:ns1="http://srm.lbl.gov/StorageResourceManager"><srmLsResponse><returnStatus><statusCode>SRM_SUCCESS</statusCode></returnStatus><details><pathDetailArray><path>/data/dir10</path><status><statusCode>SRM_SUCCESS</statusCode></status><lastModificationTime>2026-11-20T23:52:01.683Z</lastModificationTime><fileLocality>ONLINE</fileLocality><type>DIRECTORY</type><ownerPermission><userID>0</userID><mode>RWX</mode></ownerPermission><groupPermission><groupID>0</groupID><mode>RX</mode></groupPermission><otherPermission>RX</otherPermission><arrayOfSubPaths><pathDetailArray><path>/data/dir10/f1</path><status><statusCode>SRM_SUCCESS</statusCode></status><size>1000</size><type>FILE</type></pathDetailArray></arrayOfSubPaths></pathDetailArray></details></srmLsResponse></ns1:srmLsResponse></soapenv:Body></soapenv:Envelope>`;

export const PING_ANSWER = `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><ns1:srmPingResponse xmlns:ns1="http://srm.lbl.gov/StorageResourceManager"><srmPingResponse><versionInfo>v2.2</versionInfo><otherInfo><extraInfoArray><key>backend_type</key><value>BeStMan</value></extraInfoArray></otherInfo></srmPingResponse></ns1:srmPingResponse></soapenv:Body></soapenv:Envelope>`;

const axisStructure = (id: number, type: string, fields: string): string =>
  `<multiRef id="id${id}" soapenc:root="0" soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xsi:type="ns${id + 2}:${type}" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:ns${id + 2}="http://srm.lbl.gov/StorageResourceManager">${fields}</multiRef>`;

/**
 * The same listing as {@link ACCEPTED_LS_ANSWER}, pieced together in the form in which Axis 1.4 answered with BeStMan's deployment:
 * no capture, and not all of the fields that are nil.
 */
export const AXIS_LS_ANSWER = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><ns1:srmLsResponse soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:ns1="http://srm.lbl.gov/StorageResourceManager"><srmLsResponse href="#id0"/></ns1:srmLsResponse>${[
  axisStructure(
    0,
    'srmLsResponse',
    '<returnStatus href="#id1"/><requestToken xsi:type="xsd:string" xsi:nil="true"/><details href="#id2"/>',
  ),
  axisStructure(1, 'TReturnStatus', '<statusCode href="#id3"/><explanation xsi:type="xsd:string" xsi:nil="true"/>'),
  axisStructure(2, 'ArrayOfTMetaDataPathDetail', '<pathDetailArray href="#id4"/>'),
  axisStructure(3, 'TStatusCode', 'SRM_SUCCESS'),
  axisStructure(
    4,
    'TMetaDataPathDetail',
    '<path xsi:type="xsd:string">/data/dir10</path><status href="#id5"/><size xsi:type="xsd:unsignedLong" xsi:nil="true"/><lastModificationTime xsi:type="xsd:dateTime">2026-11-20T23:52:01.683Z</lastModificationTime><fileLocality href="#id6"/><type href="#id7"/><arrayOfSubPaths href="#id9"/>',
  ),
  axisStructure(
    5,
    'TReturnStatus',
    '<statusCode href="#id3"/><explanation xsi:type="xsd:string">Read from disk..</explanation>',
  ),
  axisStructure(6, 'TFileLocality', 'ONLINE'),
  axisStructure(7, 'TFileType', 'DIRECTORY'),
  axisStructure(9, 'ArrayOfTMetaDataPathDetail', '<pathDetailArray href="#id10"/>'),
  axisStructure(
    10,
    'TMetaDataPathDetail',
    '<path xsi:type="xsd:string">/data/dir10/f1</path><status href="#id5"/><size xsi:type="xsd:unsignedLong">1000</size><type href="#id11"/><arrayOfSubPaths xsi:type="ns12:ArrayOfTMetaDataPathDetail" xsi:nil="true"/>',
  ),
  axisStructure(11, 'TFileType', 'FILE'),
].join('')}</soapenv:Body></soapenv:Envelope>`;

/** How gfal asks after a request that was queued: the body captured, in the envelope of its srmLs. */
export const GFAL_STATUS_OF_LS_REQUEST = GFAL_LS_REQUEST.replace(
  /<srm2:srmLs>.*<\/srm2:srmLs>/,
  '<srm2:srmStatusOfLsRequest><srmStatusOfLsRequestRequest><requestToken>ls:1</requestToken></srmStatusOfLsRequestRequest></srm2:srmStatusOfLsRequest>',
);
