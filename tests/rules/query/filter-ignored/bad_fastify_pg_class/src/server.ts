import Fastify from "fastify";
import { pool } from "./db.js";
import { CrateRepository } from "./crate-repository.js";
import { CrateService } from "./crate-service.js";

const app = Fastify({ logger: true });
const service = new CrateService(new CrateRepository(pool));

app.get("/crates", async (request, reply) => {
  const query = request.query as { depot?: string; sealed?: string; limit?: string };
  const limit = query.limit ? Math.min(parseInt(query.limit, 10), 50) : 20;
  const crates = await service.find({
    depot: query.depot,
    sealed: query.sealed, // expect: query/filter-ignored
    limit,
  });
  return reply.send({ crates });
});

await app.listen({ port: 3000 });
