import { PrismaClient } from '@prisma/client';
import express from 'express';
import { Sequelize } from 'sequelize';

const app = express();
const router = express.Router();

app.get('/items', async (req, res) => {
  const own = new Sequelize(process.env.DATABASE_URL); // expect: database/engine-per-request
  res.json(await own.query('SELECT 1'));
});

router.post('/items', async function (req, res) {
  res.json(await new PrismaClient().item.create({ data: { title: 'tea' } })); // expect: database/engine-per-request
});

app.use('/shop', router);
app.listen(3000);
