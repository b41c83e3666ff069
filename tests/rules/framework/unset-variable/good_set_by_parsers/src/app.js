import express from 'express';

const app = express();
app.use(express.json());

function trimmed(req, res, next) {
  req.body = { name: String(req.body.name).trim() };
  next();
}

app.post('/kilns', trimmed, (req, res) => {
  res.status(201).json({ name: req.body.name });
});
app.patch('/kilns/:id', (req, res) => {
  res.json({ id: req.params.id, heat: Number(req.body.heat) });
});
app.listen(3000);
