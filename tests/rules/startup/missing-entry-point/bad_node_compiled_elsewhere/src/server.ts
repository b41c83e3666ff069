import express from 'express';
import { rows } from '../db/rows.js';

const app = express();
app.get('/', (req, res) => { res.json(rows); });
app.listen(3000);
