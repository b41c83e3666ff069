const { Captain, Port, Ship, Voyage } = require('./models');

class ShipRepository {
  byId(id) {
    return Ship.findByPk(id, {});
  }

  page() {
    return Ship.findAll({ limit: 20 });
  }

  async add(values) {
    return Ship.create(values);
  }
}

module.exports = { ShipRepository };
