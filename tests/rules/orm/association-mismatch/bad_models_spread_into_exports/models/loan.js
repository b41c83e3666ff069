module.exports = (sequelize, DataTypes) => {
  const Loan = sequelize.define('Loan', { due: { type: DataTypes.DATEONLY } });
  Loan.associate = ({ Member }) => {
    Loan.belongsTo(Member, { foreignKey: 'memberId', as: 'borrower' });
  };
  return Loan;
};
