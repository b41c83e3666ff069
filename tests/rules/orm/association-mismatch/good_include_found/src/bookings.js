const { Feature, Room } = require('./rooms');

exports.features = () => Feature.findAll({ include: [Room] });
exports.rooms = () => Room.findAll({ include: [{ model: Feature, as: 'features' }] });
