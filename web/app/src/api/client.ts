// How the dashboard asks: GraphQL over HTTP on its own origin, answers kept by query and variables.
import { Client, cacheExchange, fetchExchange } from 'urql'
import { ask, currentSession } from '../access/session'
import { refreshes, refreshExchange } from '../live/refresh'

/**
 * A client for who asks now: another caller gets another one, for what is kept of one is not the other's. A query of nobody's is sent as
 * GET where its address is short enough: the first one is asked for by index.html already.
 */
export function makeClient(): Client {
  const client = new Client({ url: '/graphql', exchanges: [refreshExchange, cacheExchange, fetchExchange], fetch: ask, preferGetMethod: currentSession().token === null ? 'within-url-limit' : false })
  refreshes(client)
  return client
}
