const { sequelize, Car, Owner } = require('./models');

const Invoice = sequelize.import('./invoice'); // expect: orm/legacy-operator

async function byId(id) {
  return Car.findById(id); // expect: orm/legacy-operator
}

async function named(name) {
  return Owner.find({ where: { name } }); // expect: orm/legacy-operator
}

async function everything() {
  return Car.all(); // expect: orm/legacy-operator
}

async function large(words) {
  return Car.findAll({
    where: {
      seats: { $gte: 5 }, // expect: orm/legacy-operator
      plate: { like: `${words}%` }, // expect: orm/legacy-operator
    },
    include: [{ model: Owner, as: 'owner', where: { name: { $in: words } } }], // expect: orm/legacy-operator
    order: 'plate ASC', // expect: orm/legacy-operator
  });
}

async function repaint(id, plate) {
  const car = await Car.findByPk(id);
  return car.updateAttributes({ plate }); // expect: orm/legacy-operator
}

module.exports = { Invoice, byId, named, everything, large, repaint };
