const { Router } = require('express');
const { Plot } = require('../models');
const Tenant = require('../models/tenant');

const router = Router();

router.get('/', async (req, res) => {
  const filter = { 'soil.kind': req.query.soil };
  if (req.query.size) filter.area = Number(req.query.size); // expect: orm/undefined-attribute
  res.json(await Plot.find(filter).sort({ created: -1 }).limit(50)); // expect: orm/undefined-attribute
});

router.get('/tenants/:mail', async (req, res) => {
  res.json(await Tenant.findOne({ $or: [{ mail: req.params.mail }, { name: req.params.mail }] })); // expect: orm/undefined-attribute
});

module.exports = router;
