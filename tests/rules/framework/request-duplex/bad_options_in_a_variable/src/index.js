import { createServer } from 'node:http';
import { toRequest } from './adapter.js';
import { app } from './app.js';

createServer(async (req, res) => {
  const response = await app.fetch(toRequest(req));
  res.writeHead(response.status);
  res.end(await response.text());
}).listen(3000);
