import { createServer } from 'node:http';
import { app } from './app.js';

function toRequest(incoming) {
  const init = { method: incoming.method, headers: incoming.headers };
  if (incoming.method !== 'GET') {
    init.body = incoming;
    init.duplex = 'half';
  }
  return new Request(`http://localhost${incoming.url}`, init);
}

createServer(async (req, res) => {
  const direct = new Request(`http://localhost${req.url}`, {
    method: req.method,
    headers: req.headers,
    body: req,
    duplex: 'half',
  });
  const response = await app.fetch(req.url === '/' ? direct : toRequest(req));
  res.end(await response.text());
}).listen(3000);
