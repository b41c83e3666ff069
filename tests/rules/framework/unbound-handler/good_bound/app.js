const express = require('express');
const autoBind = require('auto-bind');

class Base {
  constructor() {
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(this))) {
      if (name !== 'constructor') this[name] = this[name].bind(this);
    }
  }
}

class Loans extends Base {
  list(req, res) {
    res.json(this.rows);
  }
}

class Members {
  constructor() {
    autoBind(this);
  }

  list(req, res) {
    res.json(this.rows);
  }
}

class Copies {
  rows = [];

  list = (req, res) => {
    res.json(this.rows);
  };

  count(req, res) {
    res.json(this.rows.length);
  }
}

const loans = new Loans();
const members = new Members();
const copies = new Copies();
const app = express();
app.get('/loans', loans.list);
app.get('/members', members.list);
app.get('/copies', copies.list);
app.get('/copies/count', copies.count.bind(copies));
app.get('/copies/number', (req, res) => copies.count(req, res));
app.listen(3000);
