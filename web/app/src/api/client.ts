// How the dashboard asks: GraphQL over HTTP on its own origin, answers kept by query and variables.
import { Client, cacheExchange, fetchExchange } from 'urql'
import { refreshes, refreshExchange } from '../live/refresh'

/** The one client. A query is sent as GET where its address is short enough: the first one is asked for by index.html already. */
export const client = new Client({ url: '/graphql', exchanges: [refreshExchange, cacheExchange, fetchExchange], preferGetMethod: 'within-url-limit' })
refreshes(client)
