// Vitest refuses to be required. Node.js loads an ES module for require(), and that one imports Vitest.
module.exports = require('./dist/testing/index.js')
