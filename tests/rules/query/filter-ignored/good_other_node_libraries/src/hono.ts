import { Hono } from "hono";
import { PrismaClient, type Prisma } from "@prisma/client";

const prisma = new PrismaClient();
const app = new Hono();

app.get("/anchors", async (c) => {
  const { metal, weight } = c.req.query();
  const where: Prisma.AnchorWhereInput = {};
  if (metal) where.metal = metal;
  const anchors = await prisma.anchor.findMany({
    where: { AND: [where, weight ? { weight: { gte: Number(weight) } } : {}] },
    take: 50,
  });
  return c.json({ anchors });
});

app.get("/ropes", async (c) => {
  const kind = c.req.query("kind");
  const colours = c.req.queries("colour") ?? [];
  const found = await prisma.rope.findMany({ where: { kind, colour: { in: colours } }, take: 50 });
  return c.json(c.req.query("sorted") === "yes" ? found.reverse() : found);
});

export default app;
