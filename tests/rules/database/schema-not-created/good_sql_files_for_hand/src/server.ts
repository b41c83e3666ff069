import Fastify from "fastify";
import { createPool } from "./db/pool.js";
import { ParcelRepository } from "./parcels.js";

const parcels = new ParcelRepository(createPool(process.env.DATABASE_URL!));
const app = Fastify();
app.get("/parcels", () => parcels.list());
await app.listen({ port: 8080 });
