const { Team, Player, Match } = require('./models');

Team.addScope('withPlayers', { include: [{ model: Player, as: 'squad' }] });
Match.addScope('defaultScope', () => ({ include: [{ model: Team, as: 'host' }] }));
// nothing asks for this one
Team.addScope('withMatches', { include: [{ model: Match, as: 'matches' }] });
