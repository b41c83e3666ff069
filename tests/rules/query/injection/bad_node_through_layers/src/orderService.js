const repository = require('./orderRepository');

function search({ words, order, limit }) {
  const terms = words ? words.toLowerCase().split(' ') : [];
  return repository.find({ terms, order, limit });
}

const inState = (state) => repository.byState(state);

module.exports = { search, inState };
