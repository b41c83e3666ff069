import express from "express";
import { DataSource } from "typeorm";

const source = new DataSource({ type: "postgres", url: process.env.DATABASE_URL ?? "postgres://shop@db/shop", migrations: ["src/migrations/*.ts"] });
const app = express();

app.get("/items", async (req, res) => {
  res.json(await source.query("SELECT id FROM item LIMIT 20"));
});

app.listen(3000);
