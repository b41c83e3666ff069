import type { NextFunction, Request, Response } from 'express';
import { ok } from './replies';

export function list(req: Request, res: Response) {
  return ok(res, []);
}

export async function create(req: Request, res: Response, next: NextFunction) {
  try {
    if (!req.body.from) {
      return res.status(422).json({ errors: ['from'] });
    }
    return res.json({ from: req.body.from }); // expect: contract/status-code
  } catch (error) {
    return next(error);
  }
}

export const show = (req: Request, res: Response) => ok(res, { id: req.params.id });

export const remove = (req: Request, res: Response) => {
  res.sendStatus(200); // expect: contract/status-code
};
