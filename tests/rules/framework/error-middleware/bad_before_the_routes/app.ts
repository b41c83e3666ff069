import express from 'express';
import orders from './orders.js';

const app = express();
app.use(express.json());
app.use((err, req, res, _next) => { // expect: express/error-middleware
  res.status(500).json({ error: err.message });
});
app.use('/orders', orders);

export default app;
