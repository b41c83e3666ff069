import express from 'express';
import mongoSanitize from 'express-mongo-sanitize';

const app = express();
app.use(express.json());
app.use((req, res, next) => {
  Object.defineProperty(req, 'query', { ...Object.getOwnPropertyDescriptor(req, 'query'), value: req.query, writable: true });
  next();
});
app.use(mongoSanitize());
app.get('/ferries', (req, res) => res.json([]));
app.listen(3000);
