function summary(orchard) {
  return { id: orchard.id, name: orchard.name };
}

function present(orchard) {
  return { name: orchard.name, open: orchard.open, trees: orchard.trees_count }; // expect: query/unselected-column
}

module.exports = { present, summary };
