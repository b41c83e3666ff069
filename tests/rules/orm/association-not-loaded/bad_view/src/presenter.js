function person(captain) {
  return { name: captain.name, rank: captain.rank };
}

function present({ ship, old }) {
  return {
    name: ship.name,
    old,
    captain: person(ship.captain),  // expect: orm/association-not-loaded
    ports: ship.voyages.map((voyage) => voyage.port.name),
  };
}

module.exports = { present };
