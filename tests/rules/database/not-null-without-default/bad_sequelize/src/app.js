const express = require("express");
const { Sequelize, DataTypes } = require("sequelize");

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: "postgres" });
const Product = sequelize.define("Product", { name: DataTypes.STRING, price: { type: DataTypes.INTEGER, allowNull: false } });
const app = express();

app.get("/products", async (req, res) => {
  res.json(await Product.findAll({ limit: 20 }));
});

app.listen(3000);
