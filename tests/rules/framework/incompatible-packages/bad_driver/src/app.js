import express from 'express';
import { Ferry, sequelize } from './database.js';

const app = express();
app.get('/ferries', async (req, res) => res.json(await Ferry.findAll({ limit: 20 })));
await sequelize.sync();
app.listen(3000);
