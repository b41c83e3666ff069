import express, { type NextFunction, type Request, type Response } from 'express';
import asyncHandler from 'express-async-handler';

const wrap = (fn: (req: Request, res: Response, next: NextFunction) => Promise<unknown>) =>
  (req: Request, res: Response, next: NextFunction) => fn(req, res, next).catch(next);
const list = async () => [];

const app = express();
app.get('/', asyncHandler(async (req, res) => { res.json(await list()); }));
app.get('/a', wrap(async (req, res) => res.json(await list())));
app.get('/b', async (req, res) => { res.json([]); });
app.get('/c', (req, res, next) => { list().then((rows) => res.json(rows)).catch(next); });

export default app;
