const { Captain, Port, Ship, Voyage } = require('./models');

Ship.addScope('defaultScope', { include: [{ model: Captain, as: 'captain' }] }, { override: true });

class ShipRepository {
  async byId(id) {
    const ship = await Ship.findByPk(id);
    if (ship) {
      ship.voyages = await Voyage.findAll({ where: { shipId: id }, include: [{ model: Port, as: 'port' }] });
    }
    return ship;
  }

  async page() {
    const ships = await Ship.findAll({ limit: 20 });
    const voyages = await Voyage.findAll({
      where: { shipId: ships.map((ship) => ship.id) },
      include: [{ model: Port, as: 'port' }],
    });
    for (const ship of ships) {
      ship.setDataValue('voyages', voyages.filter((voyage) => voyage.shipId === ship.id));
    }
    return ships;
  }

  async add(values) {
    const ship = await Ship.create(values);
    await ship.reload({ include: [{ model: Voyage, as: 'voyages', include: [{ model: Port, as: 'port' }] }] });
    return ship;
  }
}

module.exports = { ShipRepository };
