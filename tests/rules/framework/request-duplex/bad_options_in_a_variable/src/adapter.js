import { Readable } from 'node:stream';

export function toRequest(incoming) {
  const init = { method: incoming.method, headers: incoming.headers };
  if (incoming.method !== 'GET' && incoming.method !== 'HEAD') {
    init.body = Readable.toWeb(incoming); // expect: framework/request-duplex
  }
  return new Request(`http://localhost${incoming.url}`, init);
}
