const db = require('./database');

const statements = {
  mark: db.prepare('INSERT INTO marks (order_id, user_id) VALUES (?, ?)'),
  add: db.prepare('INSERT INTO orders (state, total) VALUES (@state, @total)'),
};

function mark(order, user, at) {
  statements.mark.run(order.id, user.id, at); // expect: query/parameter-count
}

function add(order) {
  statements.add.run({ state: order.state }); // expect: query/parameter-count
}

function get(id) {
  return db.prepare('SELECT id, state FROM orders WHERE id = ?').get(id);
}

module.exports = { mark, add, get };
