const { Router } = require("express");
const service = require("../services/reviewService");

const router = Router();

router.get("/reviews", async (req, res) => {
  res.json(await service.find(req.query.text));
});

router.post("/reviews", async (req, res) => {
  res.status(201).json(await service.create(req.body.code));
});

module.exports = router;
