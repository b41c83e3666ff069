function summary(orchard) {
  return { id: orchard.id, name: orchard.name };
}

function present(orchard) {
  return { name: orchard.name, open: orchard.open, trees: orchard.tree_count };
}

module.exports = { present, summary };
