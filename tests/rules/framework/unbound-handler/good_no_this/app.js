const express = require('express');
const { Controller } = require('tsoa');

class Loans {
  list(req, res) {
    res.json([]);
  }

  static count(req, res) {
    res.json({ total: 0 });
  }
}

class Members extends Controller {
  list(req, res) {
    res.json(this.rows);
  }
}

const loans = new Loans();
const members = new Members();
const helpers = {
  rows: [],
  read(req, res) {
    res.json(helpers.rows);
  },
};
const app = express();
app.get('/loans', loans.list);
app.get('/loans/count', Loans.count);
app.get('/members', members.list);
app.get('/helpers', helpers.read);
app.listen(3000);
