exports.list = async () => [];
exports.find = async (id) => ({ id });
