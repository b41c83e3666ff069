import express from "express";
import mysql from "mysql2/promise";

const pool = mysql.createPool({ host: "db", user: "board", database: "board" });
const app = express();

app.post("/notes", async (req, res) => {
  await pool.query("INSERT INTO notes (text) VALUES (?)", [req.query.text]);
  res.status(201).json({});
});

app.listen(3001);
