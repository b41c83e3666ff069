const loans = new Map();

exports.list = (req, res) => {
  if (!req.acceptsCharset('utf-8')) { // expect: express/removed-api
    res.send(406, 'utf-8 only'); // expect: express/removed-api
    return;
  }
  res.sendfile('loans.json'); // expect: express/removed-api
};

exports.read = async (req, res) => {
  const loan = loans.get(req.param('id')); // expect: express/removed-api
  if (!loan) return res.json({ error: 'no such loan' }, 404); // expect: express/removed-api
  res.json(loan);
};

exports.lend = (req, res) => {
  loans.set(String(loans.size), {});
  res.redirect('/loans', 303); // expect: express/removed-api
};

exports.remove = (req, res) => {
  loans.delete(req.params.id);
  res.send(204); // expect: express/removed-api
};

exports.renew = (req, res) => {
  res.redirect('back'); // expect: express/removed-api
};
