// A system that is told of changes: it takes messages that standardwebhooks verifies with the secret of its environment, answers others with
// 400, and writes a line for each: its port first, then {"id", "cursor"} or {"refused"}.
import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'

const webhook = new Webhook(process.env.WEBHOOK_SECRET)
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

const server = createServer(async (request, response) => {
  const parts = []
  for await (const part of request) parts.push(part)
  try {
    const { type, timestamp, data } = webhook.verify(Buffer.concat(parts).toString('utf8'), request.headers)
    if (type !== 'changes.available' || Number.isNaN(Date.parse(timestamp))) throw new Error(`type ${type} of ${timestamp}`)
    say({ id: request.headers['webhook-id'], cursor: data.cursor })
    response.writeHead(204).end()
  } catch (error) {
    say({ refused: String(error) })
    response.writeHead(400).end()
  }
})
server.listen(0, '127.0.0.1', () => say({ port: server.address().port }))
process.stdin.on('close', () => process.exit()).resume()
