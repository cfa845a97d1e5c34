import { cacheExchange, Client, fetchExchange, stringifyDocument, type TypedDocumentNode } from '@urql/core'
import { Kind, OperationTypeNode } from 'graphql'
import { expect, test } from 'vitest'
import * as documents from './documents'
import trusted from './trusted.json'

// A server with --trusted-documents answers these and no others.
test('what the client sends for every document is among the trusted ones, under its hash', async () => {
  const sent: string[] = []
  const client = new Client({
    url: 'http://localhost/graphql',
    exchanges: [cacheExchange, fetchExchange],
    preferGetMethod: false,
    fetch: (_, given) => {
      sent.push((JSON.parse(given?.body as string) as { query: string }).query)
      return Promise.resolve(new Response('{"data":null}', { headers: { 'content-type': 'application/json' } }))
    },
  })
  for (const document of Object.values(documents) as TypedDocumentNode[]) {
    const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)
    if (operation?.operation === OperationTypeNode.SUBSCRIPTION) sent.push(stringifyDocument(document)) // as live.ts sends it
    if (operation?.operation === OperationTypeNode.QUERY) await client.query(document, {}).toPromise()
  }
  const hash = async (text: string) => {
    const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
    return `sha256:${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
  }
  expect(sent.length).toBeGreaterThan(10)
  expect(Object.fromEntries(await Promise.all(sent.map(async (text) => [await hash(text), text])))).toEqual(trusted)
})
