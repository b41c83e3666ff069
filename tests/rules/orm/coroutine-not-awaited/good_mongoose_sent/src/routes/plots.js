const { Router } = require('express');
const { Plot, Tenant } = require('../models');

const router = Router();

router.delete('/:id', async (req, res) => {
  const query = Plot.find({ number: { $gt: 3 } });
  if (req.query.sorted) query.sort({ number: 1 });
  const plots = await query;
  Plot.updateMany({}, { $set: { notes: null } }).exec();
  Plot.deleteOne({ _id: req.params.id }, (error) => {
    if (error) console.error(error);
  });
  await Tenant.deleteMany({ name: 'nobody' });
  Plot.countDocuments().then((count) => res.json({ count, plots }));
});

module.exports = router;
