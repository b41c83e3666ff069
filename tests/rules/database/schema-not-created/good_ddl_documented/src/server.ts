import Fastify from "fastify";
import { createPool } from "./db/pool.js";
import { lastMigration } from "./db/migrate.js";
import { ParcelRepository } from "./parcels.js";

const pool = createPool(process.env.DATABASE_URL!);
const parcels = new ParcelRepository(pool);
const app = Fastify();
app.get("/parcels", () => parcels.list());
app.get("/version", () => lastMigration(pool));
await app.listen({ port: 8080 });
