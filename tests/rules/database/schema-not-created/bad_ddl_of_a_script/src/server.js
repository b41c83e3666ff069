import { Hono } from "hono";
import { serve } from "@hono/node-server";
import { list } from "./notes.js";

const app = new Hono();
app.get("/notes", (c) => c.json(list()));
serve({ fetch: app.fetch, port: 3000 });
