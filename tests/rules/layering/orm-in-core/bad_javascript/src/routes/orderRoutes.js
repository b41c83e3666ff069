const { Router } = require("express");
const service = require("../services/orderService");

const router = Router();

router.get("/orders", async (req, res) => {
  res.json(await service.find(req.query.text));
});

router.post("/orders", async (req, res) => {
  res.status(201).json(await service.create(req.body.code));
});

module.exports = router;
