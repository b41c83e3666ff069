import express from "express";
import { Op, fn, col } from "sequelize";
import { Climate, Owner, Seed } from "./models.js";
import { paginate, withLimit } from "./paging.js";

const app = express();

app.get("/seeds", async (req, res) => {
  res.json(await Seed.findAll(paginate({ order: [["id", "ASC"]] }, req.query)));
});

app.get("/seeds/some", async (req, res) => {
  res.json(await Seed.findAll(withLimit({}, req.query.limit)));
});

app.get("/seeds/after", async (req, res) => {
  const { cursor, limit } = req.query;
  const where = cursor ? { id: { [Op.gt]: cursor } } : {};
  res.json(await Seed.findAll({ where, order: [["id", "ASC"]], limit: Math.min(Number(limit) || 20, 50) }));
});

app.get("/climates", async (req, res) => {
  res.json(await Climate.findAll()); // a handful of rows, paged nowhere
});

app.get("/owners/:id/seeds", async (req, res) => {
  res.json(await Seed.findAll({ where: { ownerId: req.params.id } }));
});

app.get("/seeds/by-name", async (req, res) => {
  res.json(await Seed.findAll({ where: { name: String(req.query.names).split(",") } }));
});

app.get("/seeds/families", async (req, res) => {
  res.json(await Seed.findAll({ attributes: ["family", [fn("COUNT", col("id")), "seeds"]], group: ["family"] }));
});

app.get("/seeds/export", async (req, res) => {
  const seeds = await Seed.findAll();
  res.type("csv").send(seeds.map((seed) => seed.name).join("\n"));
});

app.get("/seeds/summary", async (req, res) => {
  const seeds = await Seed.findAll();
  res.json({ longest: Math.max(...seeds.map((seed) => seed.name.length)) });
});

app.get("/climates/sliced", async (req, res) => {
  const { limit = 20, offset = 0 } = req.query;
  const climates = await Climate.findAll();
  res.json(climates.slice(Number(offset), Number(offset) + Number(limit)));
});

app.get("/seeds/recent", async (req, res) => {
  const since = new Date(Date.now() - 86_400_000);
  res.json(await Seed.findAll({ where: { createdAt: { [Op.gte]: since } } }));
});

app.get("/seeds/session/:session", async (req, res) => {
  res.json(await Seed.findAll({ where: { session_id: req.params.session } }));
});

app.get("/seeds/sync", async (req, res) => {
  const seeds = await Seed.findAll({ where: { family: "rose" } });
  for (const seed of seeds) await seed.update({ family: "rosa" });
  res.json({ changed: seeds.length });
});

app.get("/shop-window", async (req, res) => {
  const [seeds, owners] = await Promise.all([Seed.findAll({ where: { family: "rosa" } }), Owner.count()]);
  res.json({ seeds, owners });
});

app.get("/owners", async (req, res) => {
  const owners = await Owner.findAll({ limit: 20, include: [{ model: Seed, as: "seeds" }] });
  res.json(owners);
});

export default app;
