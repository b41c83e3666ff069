import express from 'express';

const app = express();
app.get('/loans', (req, res) => {
  console.log(req.method, req.path);
  res.json([]);
});
app.use(express.json());
app.post('/loans', (req, res) => {
  console.log(JSON.stringify(req.body));
  res.sendStatus(201);
});
app.listen(3000);
