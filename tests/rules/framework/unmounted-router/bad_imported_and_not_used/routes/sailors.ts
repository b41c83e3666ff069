import { Router } from 'express';

export function sailorsRoutes(service: { list(): Promise<string[]> }): Router {
  const router = Router();
  router.get('/', async (_req, res) => { // expect: framework/unmounted-router
    res.json(await service.list());
  });
  return router;
}
