import test from 'ava';
import { readTargetUrl } from '../../../coordinator/target/target-url.ts';

const isReadAs = test.macro<[url: string, read: { origin: string; port: number; path: string }]>({
  exec(t, url, read) {
    t.like(readTargetUrl(url), read);
  },
  title: (_, url) => url,
});

test(isReadAs, 'http://h.example', { origin: 'http://h.example', port: 80, path: '/' });
test(isReadAs, 'http://h.example?q', { origin: 'http://h.example', port: 80, path: '/?q' });
test(isReadAs, 'https://h.example:8443/a/b?x=1&y=%20#', {
  origin: 'https://h.example:8443',
  port: 8443,
  path: '/a/b?x=1&y=%20',
});
test(isReadAs, 'http://[::1]:8080/größe?q=a b', {
  origin: 'http://[::1]:8080',
  port: 8080,
  path: '/gr%C3%B6%C3%9Fe?q=a%20b',
});
test(isReadAs, 'httpg://Door.example/srm/v2/server', {
  origin: 'httpg://door.example',
  port: 8443,
  path: '/srm/v2/server',
});
test(isReadAs, 'httpg://door.example', { origin: 'httpg://door.example', port: 8443, path: '/' });
