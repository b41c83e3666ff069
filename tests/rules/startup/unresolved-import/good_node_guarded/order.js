class Order {}
Order.open = true;
module.exports = Order;
