import { createServer } from 'node:http';
import { app } from './app.js';

class Request2 extends Request {}

async function whole(req) {
  const parts = [];
  for await (const part of req) parts.push(part);
  return Buffer.concat(parts);
}

function forward(url, body, options) {
  return [new Request(url, { method: 'POST', body }), new Request(url, options), new Request(url)];
}

createServer(async (req, res) => {
  const body = await whole(req);
  const request = new Request(`http://localhost${req.url}`, {
    method: req.method,
    headers: req.headers,
    body: body.length ? body : undefined,
  });
  const text = new Request2(request.url, { method: req.method, body: JSON.stringify(req.headers) });
  forward(request.url, 'on', { method: 'POST' });
  const response = await app.fetch(body.length ? request : text);
  res.end(await response.text());
}).listen(3000);
