const { Team, Player, Match } = require('../models');

exports.squads = () => Team.scope('withPlayers').findAll();

exports.byShirt = () =>
  Team.findAll({
    include: [{ model: Player, as: 'squad' }],
    order: [[Player, 'shirt', 'ASC']], // expect: orm/association-mismatch
  });

exports.byHost = () =>
  Match.findAll({
    include: [{ model: Team, as: 'host' }],
    order: [[{ model: Team, as: 'home' }, 'name', 'ASC']], // expect: orm/association-mismatch
  });
