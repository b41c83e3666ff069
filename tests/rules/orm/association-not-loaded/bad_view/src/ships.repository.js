const { Captain, Port, Ship, Voyage } = require('./models');

class ShipRepository {
  byId(id) {
    return Ship.findByPk(id, {
      include: [{ model: Captain, as: 'captain' }, { model: Voyage, as: 'voyages', include: [{ model: Port, as: 'port' }] }],
    });
  }

  page() {
    return Ship.findAll({
      include: [{ model: Voyage, as: 'voyages', include: [{ model: Port, as: 'port' }] }],
      order: [['name', 'ASC']],
      limit: 20,
    });
  }

  async add(values) {
    const ship = await Ship.create(values);
    return ship.reload({
      include: [{ model: Captain, as: 'captain' }, { model: Voyage, as: 'voyages', include: [{ model: Port, as: 'port' }] }],
    });
  }
}

module.exports = { ShipRepository };
