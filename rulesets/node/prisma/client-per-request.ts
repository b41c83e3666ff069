import { PrismaClient } from '@prisma/client';
import express from 'express';
import { container } from './container';

const app = express();
const router = express.Router();
// ok: database-client-per-request-prisma
const shared = new PrismaClient();
let lazily: PrismaClient | undefined;

app.get('/items', async (req, res) => {
  // ruleid: database-client-per-request-prisma
  const own = new PrismaClient();
  res.json(await own.item.findMany());
});

router.post('/items', async function (req, res) {
  // ruleid: database-client-per-request-prisma
  res.json(await new PrismaClient().item.create({ data: req.body }));
});

app.get('/closed', async (req, res) => {
  // ok: database-client-per-request-prisma
  const own = new PrismaClient();
  try {
    res.json(await own.item.findMany());
  } finally {
    await own.$disconnect();
  }
});

// another database for each tenant
app.get('/tenants/:tenant', async (req, res) => {
  // ok: database-client-per-request-prisma
  const tenant = new PrismaClient({ datasources: { db: { url: req.params.tenant } } });
  res.json(await tenant.item.findMany());
});


// made once, when it is first asked for
app.get('/lazy', async (req, res) => {
  // ok: database-client-per-request-prisma
  lazily ??= new PrismaClient();
  if (!app.locals.prisma) {
    // ok: database-client-per-request-prisma
    app.locals.prisma = new PrismaClient();
  }
  // ok: database-client-per-request-prisma
  const client = app.locals.client || (app.locals.client = new PrismaClient());
  res.json(await lazily.item.findMany({ where: { id: client.id } }));
});

// ok: database-client-per-request-prisma
container.get('prisma', () => new PrismaClient());
container.all('prisma', async () => {
  // ok: database-client-per-request-prisma
  return new PrismaClient();
});

test.all('adds an item', async () => {
  // ok: database-client-per-request-prisma
  const own = new PrismaClient();
  await own.item.create({ data: {} });
});

export function connect(url: string) {
  // ok: database-client-per-request-prisma
  return shared ?? new PrismaClient({ datasources: { db: { url } } });
}
