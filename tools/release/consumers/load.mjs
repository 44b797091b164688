// Imports one entry, then prints the names it exports and the packages loaded for it.
import { Session } from 'node:inspector'
import process from 'node:process'
import { report } from './report.cjs'

const session = new Session()
session.connect()
const urls = []
session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url))
session.post('Debugger.enable')
report(await import(process.argv[2]), urls)
