import { Sequelize } from 'orm';
import express from 'express';

const app = express();
// ok: orm-client-per-request-sequelize
const shared = new Sequelize({});

app.get('/items', async (req, res) => {
  // ruleid: orm-client-per-request-sequelize
  const own = new Sequelize({});
  res.json(await own.items());
});
app.post('/items', async function (req, res) {
  // ruleid: orm-client-per-request-sequelize
  res.json(await new Sequelize({}).add(req.body));
});
export function connect(url: string) {
  // ok: orm-client-per-request-sequelize
  return shared ?? new Sequelize({ url });
}
