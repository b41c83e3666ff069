const { Team, Player, Match } = require('./models');

Team.addScope('withPlayers', { include: [{ model: Player, as: 'players' }] }); // expect: orm/association-mismatch
Match.addScope('defaultScope', () => ({ include: [{ model: Team }] })); // expect: orm/association-mismatch
