const { Router } = require("express");
const service = require("../services/cartService");

const router = Router();

router.get("/carts", async (req, res) => {
  res.json(await service.find(req.query.text));
});

router.post("/carts", async (req, res) => {
  res.status(201).json(await service.create(req.body.code));
});

module.exports = router;
