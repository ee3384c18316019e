import test from 'ava';
import { writeLsRequest, writePingRequest, writeStatusOfLsRequest } from '../../../scenarios/srm/write-request.ts';
import { GFAL_LS_REQUEST, GFAL_STATUS_OF_LS_REQUEST } from './captured.ts';

test('an srmLs request is the one that gfal sends, byte for byte', (t) => {
  t.is(writeLsRequest({ surls: ['srm://localhost/data/dir10'], detail: 'full', levels: 0 }), GFAL_LS_REQUEST);
});

test('several SURLs stand in one array, in their order', (t) => {
  const request = writeLsRequest({ surls: ['srm://a/1', 'srm://a/2'], detail: 'brief', levels: 1 });
  t.true(request.includes('<urlArray>srm://a/1</urlArray><urlArray>srm://a/2</urlArray>'));
  t.true(request.includes('<fullDetailedList>false</fullDetailedList><numOfLevels>1</numOfLevels>'));
});

test('what XML gives a meaning is escaped in a SURL', (t) => {
  const request = writeLsRequest({ surls: ['srm://a/1<2&3>\u0001'], detail: 'brief', levels: 1 });
  t.true(request.includes('<urlArray>srm://a/1&lt;2&amp;3&gt;\uFFFD</urlArray>'));
});

test('an srmPing request has the operation and an empty parameter', (t) => {
  t.true(writePingRequest().includes('<srm2:srmPing><srmPingRequest></srmPingRequest></srm2:srmPing>'));
});

test('a status request is the one that gfal sends', (t) => {
  t.is(writeStatusOfLsRequest('ls:1'), GFAL_STATUS_OF_LS_REQUEST);
});

const writePage = (offset: number): string =>
  writeLsRequest({ surls: ['srm://a/1'], detail: 'full', levels: 1, page: { offset, count: 1000 } });

test('a page is asked for by its count, and by its offset unless that is 0', (t) => {
  t.true(writePage(0).includes('<numOfLevels>1</numOfLevels><count>1000</count></srmLsRequest>'));
  t.true(
    writePage(2000).includes('<numOfLevels>1</numOfLevels><offset>2000</offset><count>1000</count></srmLsRequest>'),
  );
});
