const loans = new Map();

exports.list = (req, res) => {
  if (!req.acceptsCharset('utf-8')) {
    res.send(406, 'utf-8 only');
    return;
  }
  res.sendfile('loans.json');
};

exports.read = async (req, res) => {
  const loan = loans.get(req.param('id'));
  if (!loan) return res.json({ error: 'no such loan' }, 404);
  res.json(loan);
};

exports.lend = (req, res) => {
  loans.set(String(loans.size), {});
  res.redirect('/loans', 303);
};

exports.remove = (req, res) => {
  loans.delete(req.params.id);
  res.send(204);
};

exports.renew = (req, res) => {
  res.redirect('back');
};
