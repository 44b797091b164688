// Vitest cannot be required. Node.js can require an ES module, and that one imports Vitest.
module.exports = require('./dist/testing/index.js')
