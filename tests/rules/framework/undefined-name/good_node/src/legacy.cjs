/* eslint-disable no-undef */
counter = 0
module.exports = function () {
  return counter + BUILD_NUMBER + require('path').sep + __dirname
}
