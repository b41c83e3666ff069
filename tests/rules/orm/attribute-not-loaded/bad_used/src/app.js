import express from 'express';
import { poems } from './poems.js';
import { present } from './presenter.js';

const app = express();

app.get('/poems', async (req, res) => {
  const rows = await poems.page();
  res.json({ poems: rows.map((row) => present({ poem: row, liked: false })) });
});

app.get('/poems/:id', async (req, res) => {
  const poem = await poems.one(req.params.id);
  res.json({ poem: present({ poem, liked: true }) });
});

app.listen(3000);
