const express = require('express');
const { sequelize } = require('./models');

const router = express.Router();

router.get('/notes', async (req, res) => {
  const [rows] = await sequelize.query(
    'SELECT n.id FROM notes n JOIN friends f ON f.other_id = n.author_id WHERE f.own_id = :id LIMIT 20',
    { replacements: { id: req.userId } }
  );
  res.json(rows);
});

module.exports = router;
