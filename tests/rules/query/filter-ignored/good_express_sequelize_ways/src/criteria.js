const { Book } = require('./models');

class Criteria {
  constructor() {
    this.held = {};
  }

  set genre(value) {
    this.held.genre = value;
  }

  get where() {
    return this.held;
  }
}

function load(where) {
  return Book.findAll({ where, limit: 50 });
}

function loud() {
  console.log('loading');
  return load.apply(null, arguments);
}

const runWith = require('run-with');

function deferred(author) {
  return runWith({ model: Book, where: () => ({ author }) });
}

module.exports = { Criteria, load, loud, deferred };
