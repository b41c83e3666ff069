import { Sequelize } from 'sequelize';
import express from 'express';
import { container } from './container';

const app = express();
const router = express.Router();
// ok: database-client-per-request-sequelize
const shared = new Sequelize();
let lazily: Sequelize | undefined;

app.get('/items', async (req, res) => {
  // ruleid: database-client-per-request-sequelize
  const own = new Sequelize(process.env.DATABASE_URL);
  res.json(await own.query('SELECT 1'));
});

router.post('/items', async function (req, res) {
  // ruleid: database-client-per-request-sequelize
  res.json(await new Sequelize('sqlite:shop.db').query('SELECT 1'));
});

app.get('/closed', async (req, res) => {
  // ok: database-client-per-request-sequelize
  const own = new Sequelize();
  try {
    res.json(await own.query('SELECT 1'));
  } finally {
    await own.close();
  }
});

// another database for each tenant
app.get('/tenants/:tenant', async (req, res) => {
  // ok: database-client-per-request-sequelize
  const tenant = new Sequelize(req.params.tenant);
  res.json(await tenant.query('SELECT 1'));
});

app.post('/connections/check', async (req, res) => {
  const { url } = req.body;
  // ok: database-client-per-request-sequelize
  const other = new Sequelize(url);
  res.json(await other.query('SELECT 1'));
});

// made once, when it is first asked for
app.get('/lazy', async (req, res) => {
  // ok: database-client-per-request-sequelize
  lazily ??= new Sequelize();
  if (!app.locals.sequelize) {
    // ok: database-client-per-request-sequelize
    app.locals.sequelize = new Sequelize();
  }
  // ok: database-client-per-request-sequelize
  const client = app.locals.client || (app.locals.client = new Sequelize());
  res.json(await lazily.query('SELECT 1', { where: { id: client.id } }));
});

// ok: database-client-per-request-sequelize
container.get('sequelize', () => new Sequelize());
container.all('sequelize', async () => {
  // ok: database-client-per-request-sequelize
  return new Sequelize();
});

test.all('adds an item', async () => {
  // ok: database-client-per-request-sequelize
  const own = new Sequelize();
  await own.query('SELECT 1', { data: {} });
});

export function connect(url: string) {
  // ok: database-client-per-request-sequelize
  return shared ?? new Sequelize(url);
}
