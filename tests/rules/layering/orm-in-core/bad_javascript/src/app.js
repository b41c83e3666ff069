const express = require("express");

const app = express();
app.use(express.json());
for (const name of ["order", "product", "cart", "coupon", "review", "voucher"]) {
  app.use(require(`./routes/${name}Routes`));
}
app.listen(3000);
