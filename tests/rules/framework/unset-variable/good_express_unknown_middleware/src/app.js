import express from 'express';
import { plugins } from './generated/plugins.js';
import { lend, loansOf } from './loans.js';

function member(req, res, next) {
  req.reader = req.get('X-Reader');
  next();
}

const app = express();
app.get('/loans', member, (req, res) => res.json(loansOf(req.reader)));
app.use(plugins.before);
app.post('/loans/:book', (req, res) => {
  lend(req.params.book, req.reader);
  res.sendStatus(204);
});
app.listen(3000);
