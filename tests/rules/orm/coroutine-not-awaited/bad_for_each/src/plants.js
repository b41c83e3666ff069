const { Plant } = require('./models');

async function tallest(gardenId) {
  return Plant.max('height', { where: { gardenId } });
}

module.exports = { tallest };
