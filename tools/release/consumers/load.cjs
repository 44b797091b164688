// Requires one entry, then prints the names it exports and the packages loaded for it.
const { Session } = require('node:inspector')
const { report } = require('./report.cjs')

const session = new Session()
session.connect()
const urls = []
session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url))
session.post('Debugger.enable')
report(require(process.argv[2]), urls)
