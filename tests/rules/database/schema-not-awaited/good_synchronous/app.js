import Database from 'better-sqlite3';
import express from 'express';

const db = new Database('harbour.db');

function makeTables() {
  db.exec('CREATE TABLE IF NOT EXISTS boats (id integer PRIMARY KEY, label text NOT NULL)');
}

async function start() {
  makeTables();
  const app = express();
  app.get('/boats', (req, res) => res.json(db.prepare('SELECT id, label FROM boats LIMIT 50').all()));
  app.listen(3000);
}

start();
