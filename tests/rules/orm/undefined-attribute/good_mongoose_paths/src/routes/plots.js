const { Router } = require('express');
const { Plot, Tenant } = require('../models');
const Shed = require('../models/shed');

const router = Router();

router.get('/', async (req, res) => {
  const found = await Plot.find({
    _id: { $ne: req.query.not },
    'crops.name': req.query.crop,
    'crops.0.sown': { $lt: new Date() },
    'notes.anything': true,
    $or: [{ soil: { kind: 'clay' } }, { updatedAt: { $gt: new Date(0) } }],
  })
    .sort('-createdAt number')
    .lean();
  res.json(found.concat(await Tenant.find({ ...req.query })));
});

router.get('/sheds', async (req, res) => {
  res.json(await Shed.find({ key: req.query.key, colour: 'green' }).sort({ painted: 1 }));
});

module.exports = router;
