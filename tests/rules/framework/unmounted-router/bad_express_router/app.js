import express from 'express';
import { router as bees } from './routes/bees.js';
import { router as cows } from './routes/cows.js';
import { router as hens } from './routes/hens.js';

const app = express();
app.use('/hens', hens);
app.use('/cows', cows);
app.listen(3000);
