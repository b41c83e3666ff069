module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.sequelize.transaction(async (transaction) => {
      await queryInterface.addColumn( // expect: database/not-null-without-default error
        "Products",
        "price",
        { type: Sequelize.INTEGER, allowNull: false },
        { transaction },
      );
      await queryInterface.addColumn("Products", "stock", { type: Sequelize.INTEGER, allowNull: false, defaultValue: 0 });
    });
  },
  async down(queryInterface, Sequelize) {
    await queryInterface.removeColumn("Products", "price");
    await queryInterface.addColumn("Products", "weight", { type: Sequelize.INTEGER, allowNull: false });
  },
};
