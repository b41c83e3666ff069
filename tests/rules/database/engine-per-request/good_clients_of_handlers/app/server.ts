import { PrismaClient } from '@prisma/client';
import express from 'express';
import { Sequelize } from 'sequelize';
import { container } from './container';

const app = express();
app.use(express.json());
const shared = new Sequelize(process.env.DATABASE_URL);
let lazily: Sequelize | undefined;
let prisma: PrismaClient | undefined;

// closed again
app.get('/closed', async (req, res) => {
  const own = new Sequelize();
  try {
    res.json(await own.query('SELECT 1'));
  } finally {
    await own.close();
  }
});

// another database for each tenant
app.get('/tenants/:tenant', async (req, res) => {
  const tenant = new Sequelize(req.params.tenant);
  res.json(await tenant.query('SELECT 1'));
});

app.post('/connections/check', async (req, res) => {
  const { url } = req.body;
  const other = new PrismaClient({ datasources: { db: { url } } });
  res.json(await other.item.count());
});

// made once, when it is first asked for
app.get('/lazy', async (req, res) => {
  lazily ??= new Sequelize();
  if (!app.locals.prisma) {
    app.locals.prisma = new PrismaClient();
  }
  const client = app.locals.client || (app.locals.client = new PrismaClient());
  prisma = prisma ?? new PrismaClient();
  res.json(await lazily.query('SELECT 1', { where: { id: client.id } }));
});

container.get('sequelize', () => new Sequelize());

export function connect(url: string) {
  return shared ?? new Sequelize(url);
}

app.listen(3000);
