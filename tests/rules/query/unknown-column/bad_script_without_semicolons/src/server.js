import express from "express";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const app = express();

app.get("/shelves/:id/marks", async (req, res) => {
  const { rows } = await pool.query(
    "SELECT m.line, r.name FROM marks m JOIN shelves s ON s.id = m.shelf_id" + // expect: query/unknown-column
      " JOIN readers r ON r.id = s.reader_id WHERE s.id = $1 LIMIT 100",
    [req.params.id],
  );
  res.json(rows);
});

app.listen(3000);
