module.exports = function painted(schema) {
  schema.add({ colour: String, painted: Date });
};
