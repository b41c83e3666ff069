import express from 'express';
import { announce } from './notices';
import { connect } from 'members-api';

export const app = express();

app.post('/members', async (req, res) => {
  announce(await connect(), req.body.email);
  res.status(202).end();
});
