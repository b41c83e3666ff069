import express from "express";
import { SeedRepository, trades } from "./repositories.js";

const app = express();
const seeds = new SeedRepository();

function paging(query) {
  const limit = Math.min(Number(query.limit) || 20, 100);
  return { limit, offset: Number(query.offset) || 0 };
}

app.get("/seeds", async (req, res) => {
  const { seeds: found, count } = await seeds.page({}, paging(req.query));
  res.json({ seeds: found, count });
});

app.get("/trades", async (req, res) => {
  res.json(await trades.recent(Math.min(Number(req.query.limit) || 10, 50)));
});

app.get("/trades/open", async (req, res) => {
  const found = await trades.open();
  res.json(found.map((trade) => ({ note: trade.note })));
});

export default app;
