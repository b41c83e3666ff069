import express from 'express';
import { ferries } from './ferries.js';

const app = express();
const wrap = (work) => async (req, res) => res.json(await work(req));

app.get('/ferries', wrap(async (req) => ferries.all(req.query.port)));
app.get('/wrecks', wrap(async () => {
  await ferries.all();
}));
app.get('/lost', (req, res) => {
  throw new Error('none is lost');
});
app.get('/later', (req, res, next) => {
  ferries.all().then(() => next());
});
app.get('/other', (req, res) => {
  req.res.json([]);
});
app.listen(3000);
