import Fastify from "fastify";
import pg from "pg";

const pool = new pg.Pool();
const app = Fastify();
const schema = {
  querystring: {
    type: "object",
    properties: { limit: { type: "integer", default: 20, maximum: 100 } },
  },
};

app.get<{ Querystring: { limit: number } }>("/blocks", { schema }, async (request) => {
  const { limit } = request.query;
  const { rows } = await pool.query("SELECT id, colour, mass FROM blocks LIMIT $1", [limit]);
  return rows;
});
