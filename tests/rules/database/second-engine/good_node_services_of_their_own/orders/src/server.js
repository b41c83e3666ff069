import express from "express";
import pg from "pg";

const pool = new pg.Pool({ connectionString: "postgres://orders@db/orders" });
const app = express();

app.get("/orders", async (req, res) => {
  const { rows } = await pool.query("SELECT id, sum FROM orders LIMIT 50");
  res.json(rows);
});

app.listen(3000);
