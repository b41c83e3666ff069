import { createServer } from 'node:http';
import { prepare } from './schema.js';

await prepare();
createServer(() => {}).listen(3000);
