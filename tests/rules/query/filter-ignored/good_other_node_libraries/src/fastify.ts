import Fastify from "fastify";
import { drizzle } from "drizzle-orm/node-postgres";
import { and, eq, type SQL } from "drizzle-orm";
import { buoys } from "./schema.js";

const db = drizzle(process.env.DATABASE_URL!);
const app = Fastify();

interface BuoyQuery {
  colour?: string;
  channel?: string;
  page?: number;
}

app.get<{ Querystring: BuoyQuery }>("/buoys", async ({ query }, reply) => {
  const conditions: SQL[] = [];
  if (query.colour) conditions.push(eq(buoys.colour, query.colour));
  if (query.channel) conditions.push(eq(buoys.channel, query.channel));
  const rows = await db
    .select()
    .from(buoys)
    .where(and(...conditions))
    .limit(20)
    .offset(((query.page ?? 1) - 1) * 20);
  return reply.send(rows);
});

await app.listen({ port: 3000 });
