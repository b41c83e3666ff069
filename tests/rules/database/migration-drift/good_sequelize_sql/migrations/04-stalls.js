module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.sequelize.query('ALTER TABLE horses ADD COLUMN stall_number INTEGER');
  },
  async down(queryInterface) {
    await queryInterface.dropTable('horses');
  },
};
