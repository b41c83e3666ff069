exports.addAudit = (t) => {
  t.string('created_by')
}
