const rows = [];

exports.list = async (req, res) => {
  const { orderId } = req.params;
  res.json(rows.filter((row) => row.order === orderId));
};
exports.find = (id) => rows.find((row) => row.id === id);
