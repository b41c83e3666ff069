const mongoose = require('mongoose');
const { Schema } = mongoose;

const tenantSchema = new Schema({
  name: String,
  email: { type: String, unique: true },
});

tenantSchema.virtual('plots', { ref: 'Plot', localField: '_id', foreignField: 'tenant' });

module.exports = mongoose.model('Tenant', tenantSchema);
