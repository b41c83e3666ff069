const { Router } = require('express');

const router = Router();

router.get('/', (req, res) => res.json({ user: req.user ? req.user.id : null }));

module.exports = router;
