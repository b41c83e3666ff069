const { Captain, Port, Ship, Voyage } = require('./models');

const WHOLE = {
  include: [
    { model: Captain, as: 'captain' },
    { model: Voyage, as: 'voyages', include: [{ model: Port, as: 'port' }] },
  ],
};

class ShipRepository {
  byId(id) {
    return Ship.findByPk(id, WHOLE);
  }

  page() {
    return Ship.findAll({ ...WHOLE, limit: 20 });
  }

  async add(values) {
    const made = await Ship.create(values);
    return this.byId(made.id);
  }
}

module.exports = { ShipRepository };
