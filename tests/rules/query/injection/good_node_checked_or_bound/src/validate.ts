import type { NextFunction, Request, Response } from 'express';
import { z } from 'zod';

const query = z.object({ sort: z.enum(['id', 'total']) });

export function validate(req: Request, res: Response, next: NextFunction) {
  query.parse(req.query);
  next();
}
