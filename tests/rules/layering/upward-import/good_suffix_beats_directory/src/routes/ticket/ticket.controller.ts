import { Router } from 'express';

import { listTickets } from './ticket.service';

const router = Router();

router.get('/tickets', async (_req, res) => {
  res.json(await listTickets());
});

export default router;
