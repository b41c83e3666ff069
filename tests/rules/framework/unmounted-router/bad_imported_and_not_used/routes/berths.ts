import { Router } from 'express';

export function berthsRoutes(service: { list(): Promise<string[]> }): Router {
  const router = Router();
  router.get('/', async (_req, res) => {
    res.json(await service.list());
  });
  return router;
}
