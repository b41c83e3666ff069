const { Router } = require('express'); // expect: startup/module-format

export const router = Router();
router.get('/', (req, res) => res.json([]));
