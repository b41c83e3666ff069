import express from 'express';
import { DatabaseSync } from 'node:sqlite';

const db = new DatabaseSync('shop.db');
const app = express();

app.get('/items', (req, res) => {
  const byTitle = db.prepare(
    'SELECT id FROM items WHERE title ILIKE ?', // expect: query/invalid-sql
  );
  res.json(byTitle.all(`%${req.query.q}%`));
});
app.post('/items/:id/seen', (req, res) => {
  db.prepare('UPDATE items SET seen_at = NOW() WHERE id = ?').run(req.params.id); // expect: query/invalid-sql
  res.json(db.prepare('SELECT id, FROM items WHERE id = ?').get(req.params.id)); // expect: query/invalid-sql
});
app.listen(3000);
