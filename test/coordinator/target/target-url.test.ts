import test from 'ava';
import { readTargetUrl } from '../../../coordinator/target/target-url.ts';

const isReadAs = test.macro<[url: string, origin: string, port: number, path: string]>({
  exec(t, url, origin, port, path) {
    t.like(readTargetUrl(url), { origin, port, path });
  },
  title: (_, url) => url,
});

test(isReadAs, 'http://h.example', 'http://h.example', 80, '/');
test(isReadAs, 'http://h.example?q', 'http://h.example', 80, '/?q');
test(isReadAs, 'https://h.example:8443/a/b?x=1&y=%20#', 'https://h.example:8443', 8443, '/a/b?x=1&y=%20');
test(isReadAs, 'http://[::1]:8080/größe?q=a b', 'http://[::1]:8080', 8080, '/gr%C3%B6%C3%9Fe?q=a%20b');
test(isReadAs, 'httpg://Door.example/srm/v2/server', 'httpg://door.example', 8443, '/srm/v2/server');
test(isReadAs, 'httpg://door.example', 'httpg://door.example', 8443, '/');
