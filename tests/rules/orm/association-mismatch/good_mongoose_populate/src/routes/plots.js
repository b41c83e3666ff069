const { Router } = require('express');
const { Plot, Tenant } = require('../models');

const router = Router();

router.get('/', async (req, res) => {
  const plots = await Plot.find({}).populate('tenant').populate({ path: 'tenant.plots', select: 'number' }).limit(50);
  const tenants = await Tenant.find({}).populate('plots').limit(50);
  res.json({ plots, tenants });
});

module.exports = router;
