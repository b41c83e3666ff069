import express, { Router } from 'express';
import { z } from 'zod';

const loan = z.object({ copy: z.string() });
const router = Router();
router.post('/', (req, res) => {
  const { copy } = loan.parse(req.body);
  res.status(201).json({ copy });
});

const app = express();
app.use('/loans', router);
app.use(express.json()); // expect: framework/body-parser
app.listen(3000);
