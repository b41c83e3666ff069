import express from 'express';
import 'express-async-errors';  // expect: framework/incompatible-packages

const app = express();
app.get('/ferries', async (req, res) => res.json([]));
app.listen(3000);
