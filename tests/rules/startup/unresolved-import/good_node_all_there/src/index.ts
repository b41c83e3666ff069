import express from 'express';
import { a, b, Kind, Service, type Order, helper, again } from './orders';
import * as all from './orders.js';
import legacy, { anything } from './legacy.cjs';
import { PrismaClient } from './generated/prisma';
import { client } from './client/index.js';
import './styles.css';
import settings from './settings.json';
import { View } from './view';

const order: Order = { id: 1 };
const app = express();
app.get('/', (req, res) => {
  res.json({ a, b, kind: Kind.One, order, all, legacy, anything, PrismaClient, client, settings, again, helper });
});
app.get('/service', (req, res) => { res.json([new Service(), View]); });
app.listen(3000);
