const CREATED = 201;

function created(res, body) {
  return res.status(CREATED).json(body);
}

module.exports = { created };
