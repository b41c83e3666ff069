const express = require('express');
const { unitOfWork } = require('./unit');

const app = express();
app.use(express.json());

app.post('/crossings', async (req, res) => {
  const unit = unitOfWork();
  await unit.begin();
  try {
    await unit.run('INSERT INTO crossings (harbour) VALUES ($1)', [req.body.harbour]);
    await unit.commit();
  } catch (error) {
    await unit.rollback();
    throw error;
  }
  res.status(201).json({});
});

app.listen(3000);
