// Holds a running server to the public audits of GraphQL over HTTP, all of them: what one calls a warning or a notice
// counts as much as an error. Usage: node build/audit.mjs http://127.0.0.1:8080/graphql
import console from 'node:console'
import process from 'node:process'
import { auditServer } from 'graphql-http'

const results = await auditServer({ url: process.argv[2] ?? '' })
const failed = results.filter(({ status }) => status !== 'ok')
for (const { id, name, status, reason } of failed) console.error(`${status} ${id} ${name}: ${reason}`)
console.log(`${results.length - failed.length} of ${results.length} audits ok`)
process.exitCode = failed.length > 0 || results.length === 0 ? 1 : 0
