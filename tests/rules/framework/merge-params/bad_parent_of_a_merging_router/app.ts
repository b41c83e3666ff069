import express, { Router, type Request, type Response } from 'express';

const notes = Router({ mergeParams: true });
notes.post('/', (req: Request, res: Response) => {
  res.json({ order: req.params['orderId'], line: req.params.lineId });
});

const lines = Router(); // expect: express/merge-params
lines.use('/:lineId/notes', notes);

const app = express();
app.use('/orders/:orderId/lines', lines);

export default app;
