const { Router } = require('express');
const { Plot, Tenant } = require('../models');

const router = Router();

router.get('/tenants', async (req, res) => {
  const tenants = await Tenant.find().sort({ name: 1 });
  const rows = [];
  for (const tenant of tenants) {
    rows.push({ name: tenant.name, plots: await Plot.countDocuments({ tenant: tenant._id }) }); // expect: query/n-plus-one
  }
  res.json(rows);
});

module.exports = router;
