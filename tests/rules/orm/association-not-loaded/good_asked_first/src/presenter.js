function person(captain) {
  if (!captain) {
    return null;
  }
  return { name: captain.name, rank: captain.rank };
}

function codes(voyages = []) {
  return voyages.map((voyage) => voyage.code);
}

function present({ ship, old }) {
  const { captain, voyages } = ship;
  const seas = Array.isArray(ship.voyages) ? ship.voyages.length : 0;
  let rank = 'none';
  if (captain !== undefined && captain !== null) {
    rank = captain.rank;
  }
  return {
    name: ship.name,
    old,
    seas,
    rank,
    captain: person(captain),
    other: captain && captain.name,
    third: captain ? captain.name : '',
    fourth: ship.captain?.name,
    codes: codes(voyages),
    ports: (voyages || []).map((voyage) => voyage.port?.name),
  };
}

module.exports = { present };
