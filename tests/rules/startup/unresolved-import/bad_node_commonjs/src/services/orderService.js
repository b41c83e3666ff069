const rows = [];

function list() {
  return rows;
}

function find(id) {
  return rows.find((row) => row.id === id);
}

module.exports = { list, find };
