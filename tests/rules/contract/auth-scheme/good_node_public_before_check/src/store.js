const all = new Map();

module.exports = {
  list: () => [...all.values()],
  add: (one) => all.set(one.id, one) && one,
  remove: (id) => all.delete(id),
};
