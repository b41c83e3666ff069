import type { Response } from 'express';

export const ok = (res: Response, body: unknown) => res.status(200).send(body);
