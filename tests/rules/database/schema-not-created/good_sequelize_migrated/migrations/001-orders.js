module.exports = {
  up: (queryInterface, { DataTypes }) => queryInterface.createTable('Orders', { id: DataTypes.INTEGER }),
  down: (queryInterface) => queryInterface.dropTable('Orders'),
};
