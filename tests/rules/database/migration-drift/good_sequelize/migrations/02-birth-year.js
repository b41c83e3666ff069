module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.addColumn('horses', 'birth_year', { type: Sequelize.INTEGER });
  },
  async down(queryInterface) {
    await queryInterface.dropTable('horses');
  },
};
