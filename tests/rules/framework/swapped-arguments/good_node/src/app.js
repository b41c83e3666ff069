import express from 'express';
import { follow } from './follows.js';

const app = express();

app.post('/members/:name/follow', (req, res) => {
  const followed = req.params.name;
  const follower = req.get('x-member');
  follow(follower, followed);
  res.status(204).end();
});

app.listen(3000);
