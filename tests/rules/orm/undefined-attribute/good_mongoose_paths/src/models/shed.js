const mongoose = require('mongoose');
const painted = require('./painted');

const shedSchema = new mongoose.Schema({ key: String });
shedSchema.plugin(painted);

module.exports = mongoose.model('Shed', shedSchema);
