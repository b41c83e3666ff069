const { Router } = require("express");
const service = require("../services/productService");

const router = Router();

router.get("/products", async (req, res) => {
  res.json(await service.find(req.query.text));
});

router.post("/products", async (req, res) => {
  res.status(201).json(await service.create(req.body.code));
});

module.exports = router;
