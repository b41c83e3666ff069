import express from 'express';
import 'express-async-errors';
import mongoSanitize from 'express-mongo-sanitize';

const app = express();
app.use(express.json());
app.use(mongoSanitize());
app.get('/ferries', async (req, res) => res.json([]));
app.listen(3000);
