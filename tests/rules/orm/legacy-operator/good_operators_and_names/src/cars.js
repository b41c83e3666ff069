const { Op } = require('sequelize');
const { sequelize, Car, Owner } = require('./models');

Owner.findById = (id) => Owner.findByPk(id);

async function large(words, cars) {
  const known = cars.find((car) => car.seats > 5);
  return Car.findAll({
    where: {
      seats: { [Op.gte]: known.seats },
      extras: { gt: true, radio: { $like: 'x' } },
      '$owner.name$': { [Op.in]: words },
    },
    include: [{ model: Owner, as: 'owner' }],
    order: [['plate', 'ASC'], sequelize.literal('seats DESC')],
  });
}

async function owner(id) {
  return Owner.findById(id);
}

module.exports = { large, owner };
