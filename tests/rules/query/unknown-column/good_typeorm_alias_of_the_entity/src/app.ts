import express from 'express';
import { Ship } from './entities/ship.js';

const app = express();

app.get('/ships', (req, res, next) => {
  Ship.berthed(String(req.query.flag)).then((found) => res.json(found), next);
});

app.get('/flags', (req, res, next) => {
  Ship.flagged(String(req.query.flag)).then((found) => res.json(found), next);
});

app.listen(3000);
