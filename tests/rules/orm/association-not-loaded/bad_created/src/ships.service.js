class ShipService {
  constructor(ships) {
    this.ships = ships;
  }

  async one(id) {
    const ship = await this.ships.byId(id);
    if (!ship) {
      throw new Error('no such ship');
    }
    return this.view(ship);
  }

  async all() {
    const ships = await this.ships.page();
    return Promise.all(ships.map((ship) => this.view(ship)));
  }

  async build(values) {
    return this.view(await this.ships.add(values));
  }

  async view(ship) {
    return { ship, old: ship.tons > 9000 };
  }
}

module.exports = { ShipService };
