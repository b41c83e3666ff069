import { PrismaClient } from 'orm';
import express from 'express';

const app = express();
// ok: orm-client-per-request-prisma
const shared = new PrismaClient({});

app.get('/items', async (req, res) => {
  // ruleid: orm-client-per-request-prisma
  const own = new PrismaClient({});
  res.json(await own.items());
});
app.post('/items', async function (req, res) {
  // ruleid: orm-client-per-request-prisma
  res.json(await new PrismaClient({}).add(req.body));
});
export function connect(url: string) {
  // ok: orm-client-per-request-prisma
  return shared ?? new PrismaClient({ url });
}
