const { loadModels } = require('./models');

function createContainer(config) {
  const { Dock } = loadModels(config);
  return { docks: { all: () => Dock.findAll({ limit: 20 }) } };
}

module.exports = { createContainer };
