import express from 'express';
import mongoSanitize from 'express-mongo-sanitize';

const app = express();
app.use(express.json());
app.use((req, res, next) => {
  mongoSanitize.sanitize(req.body ?? {});
  next();
});
app.get('/ferries', (req, res) => res.json([]));
app.listen(3000);
