import express from 'express';
import { change, enrol, rename } from './members';

export const app = express();

app.post('/members', async (req, res) => {
  res.status(201).json(await enrol({ email: req.body.email, fullName: req.body.name, welcome: true }));
});

app.patch('/members/:id', async (req, res) => {
  const id = Number(req.params.id);
  await change(id, { email: req.body.email, notify: true });
  res.json(await rename(id, { fullName: req.body.name, notify: false }));
});
