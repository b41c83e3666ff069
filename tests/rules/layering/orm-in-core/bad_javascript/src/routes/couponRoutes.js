const { Router } = require("express");
const service = require("../services/couponService");

const router = Router();

router.get("/coupons", async (req, res) => {
  res.json(await service.find(req.query.text));
});

router.post("/coupons", async (req, res) => {
  res.status(201).json(await service.create(req.body.code));
});

module.exports = router;
