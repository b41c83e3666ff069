const mongoose = require('mongoose');

const plotSchema = new mongoose.Schema(
  {
    number: { type: Number, required: true },
    soil: { kind: String, acidity: Number },
    tenant: { type: mongoose.Schema.Types.ObjectId, ref: 'Tenant' },
    crops: [{ name: String, sown: Date }],
    notes: mongoose.Schema.Types.Mixed,
  },
  { timestamps: true },
);

module.exports = mongoose.model('Plot', plotSchema);
