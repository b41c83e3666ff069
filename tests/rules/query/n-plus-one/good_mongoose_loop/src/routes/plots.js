const { Router } = require('express');
const { Plot, Tenant } = require('../models');

const router = Router();

router.get('/tenants', async (req, res) => {
  const tenants = await Tenant.find().sort({ name: 1 });
  const plots = await Plot.find({ tenant: { $in: tenants.map((tenant) => tenant._id) } });
  const rows = tenants.map((tenant) => ({ name: tenant.name, plots: plots.filter((plot) => plot.tenant === tenant._id).length }));
  for (const tenant of await Tenant.find().limit(3)) {
    rows.push({ name: tenant.name, plots: await Plot.countDocuments({ tenant: tenant._id }) });
  }
  res.json(rows);
});

module.exports = router;
