const express = require('express');
const { sequelize } = require('./models');

const app = express();
app.get('/total', async (req, res) => {
  const [rows] = await sequelize.query('SELECT COUNT(*) AS total FROM Orders');
  res.json(rows[0]);
});
sequelize.sync().then(() => app.listen(3000));
