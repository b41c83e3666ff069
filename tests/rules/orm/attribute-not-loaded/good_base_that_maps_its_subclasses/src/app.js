import express from 'express';
import { Stop, Tour } from './models/index.js';

const app = express();

app.get('/tours', async (req, res) => {
  res.json(await Tour.find({}, { include: [{ model: Stop }] }));
});

app.get('/stops', async (req, res) => {
  res.json(await Stop.find({}, { include: [Tour], raw: true }));
});

app.put('/tours/:id', async (req, res) => {
  const tour = await Tour.one(req.params.id);
  tour.title = 'changed';
  await tour.save();
  res.json(tour);
});

app.listen(3000);
