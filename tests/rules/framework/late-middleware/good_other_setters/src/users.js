exports.soft = (req, res, next) => {
  req.user = { id: req.get('x-user') };
  next();
};

exports.strict = (req, res, next) => {
  if (!req.get('x-user')) return res.sendStatus(401);
  req.user = { id: req.get('x-user') };
  next();
};
