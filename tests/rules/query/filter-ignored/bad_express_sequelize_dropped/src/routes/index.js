const express = require('express');
const recipes = require('../services/recipeService');
const { Ingredient } = require('../models');

const router = express.Router();

router.get('/recipes', async (req, res) => {
  const { cuisine, cook, limit = '20' } = req.query; // expect: query/filter-ignored
  res.json(await recipes.list({ cuisine, cook }, Number(limit)));
});

router.get('/ingredients', async (req, res) => { // expect: query/filter-ignored
  const found = await Ingredient.findAll({ limit: 100, order: [['name', 'ASC']] });
  res.json(found.map((item) => item.name));
});

module.exports = router;
