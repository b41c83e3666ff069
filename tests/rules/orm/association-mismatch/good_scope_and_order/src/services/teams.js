const { Team, Player, Match } = require('../models');

exports.squads = () => Team.scope('withPlayers').findAll();

exports.byShirt = () =>
  Team.findAll({
    include: [{ model: Player, as: 'squad' }],
    order: [[{ model: Player, as: 'squad' }, 'shirt', 'ASC'], ['squad', 'name', 'ASC']],
  });

exports.byHost = () => Match.findAll({ order: [[{ model: Team, as: 'host' }, 'name', 'ASC']] });
