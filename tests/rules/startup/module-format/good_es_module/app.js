import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import settings from './settings.json' with { type: 'json' };
import legacy from './legacy.cjs';

const require = createRequire(import.meta.url);
const __filename = fileURLToPath(import.meta.url);
const __dirname = path.dirname(__filename);
const old = require('./legacy.cjs');

const app = express();
app.get('/', (req, res) => res.json([__dirname, settings, legacy, old]));
if (typeof module !== 'undefined') module.exports = app;
export default app;
