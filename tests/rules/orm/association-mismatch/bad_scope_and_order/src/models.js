const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });

const Team = sequelize.define('Team', { name: DataTypes.STRING });
const Player = sequelize.define('Player', { name: DataTypes.STRING, shirt: DataTypes.INTEGER });
const Match = sequelize.define('Match', { playedOn: DataTypes.DATEONLY });

Team.hasMany(Player, { as: 'squad', foreignKey: 'teamId' });
Player.belongsTo(Team, { as: 'team', foreignKey: 'teamId' });
Match.belongsTo(Team, { as: 'host', foreignKey: 'hostId' });
Match.belongsTo(Team, { as: 'guest', foreignKey: 'guestId' });

module.exports = { sequelize, Team, Player, Match };
