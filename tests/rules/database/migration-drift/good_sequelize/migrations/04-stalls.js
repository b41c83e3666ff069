module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.addColumn('horses', 'stall', { type: Sequelize.INTEGER });
    await queryInterface.renameColumn('horses', 'stall', 'stall_number');
  },
  async down(queryInterface) {
    await queryInterface.dropTable('horses');
  },
};
