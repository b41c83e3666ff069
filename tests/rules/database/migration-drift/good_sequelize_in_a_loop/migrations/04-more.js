module.exports = {
  async up(queryInterface, Sequelize) {
    for (const column of ['stall_number', 'paddock']) {
      await queryInterface.addColumn('horses', column, { type: Sequelize.INTEGER });
    }
  },
  async down(queryInterface) {
    await queryInterface.dropTable('horses');
  },
};
