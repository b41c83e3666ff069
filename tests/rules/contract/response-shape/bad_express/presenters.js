const presentVan = (van) => ({ plate: van.plate, seats: van.seats });

function presentVans(vans) {
  return vans.map(presentVan);
}

module.exports = { presentVan, presentVans };
