const { Router } = require("express");
const service = require("../services/voucherService");

const router = Router();

router.post("/vouchers", async (req, res) => {
  res.status(201).json(await service.issue(req.body.code));
});

module.exports = router;
