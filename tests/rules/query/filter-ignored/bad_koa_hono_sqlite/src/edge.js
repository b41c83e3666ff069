import { Hono } from "hono";
import { species } from "./store.js";

const app = new Hono();

app.get("/species", (c) => {
  const family = c.req.query("family");
  const wing = c.req.query("wing"); // expect: query/filter-ignored
  return c.json({ species: species(family ?? null) });
});

export default app;
