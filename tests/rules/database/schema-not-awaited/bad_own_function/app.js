import Fastify from 'fastify';
import fp from 'fastify-plugin';
import pg from 'pg';
import { makeTables } from './tables.js';

const database = fp(async (fastify) => {
  const pool = new pg.Pool();
  makeTables(pool); // expect: database/schema-not-awaited
  fastify.decorate('pool', pool);
});

const app = Fastify();
app.register(database);
app.get('/boats', async () => (await app.pool.query('SELECT id, label FROM boats LIMIT 50')).rows);
await app.listen({ port: 3000 });
