// Subscriptions over one WebSocket, in the subprotocol graphql-transport-ws. Not server-sent events: over HTTP/1.1 a
// browser opens six connections to a host, for all tabs together, and each subscription would hold one of them.

export type Subscription = { query: string; variables?: Record<string, unknown>; next: (data: unknown) => void }
export type Handlers = { opened: () => void; alive: () => void; /** One of the subscriptions is not for who asks; the others go on. */ refused: (one: Subscription) => void; closed: (code?: number) => void }

/** Closed because who asks may not: by the server, which takes no such token, or here, where it has refused every subscription. */
export const forbidden = 4403
/** Errors that do not pass by themselves: whoever asks the same again is refused again. */
const lasting = ['UNAUTHENTICATED', 'FORBIDDEN']

/** Nothing was heard for so long, though the server was asked: the line is dead. */
const patience = 10_000
const silence = 20_000

/** What the server sends, as far as it is read here. */
type Message = { id?: string } & (
  | { type: 'connection_ack' | 'ping' | 'pong' | 'complete'; payload?: undefined }
  | { type: 'next'; payload?: { data?: unknown } }
  | { type: 'error'; payload?: { extensions?: { code?: string } }[] }
)

/** Opens a connection with subscriptions, and a payload that says who asks; returns how to close it. It is closed for good once `closed` is called. */
export function open(url: string, subscriptions: Subscription[], { opened, alive, refused, closed }: Handlers, payload?: Record<string, string>): () => void {
  const socket = new WebSocket(url, 'graphql-transport-ws')
  const send = (message: object) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  const running = new Set(subscriptions.map((_, index) => String(index)))
  let over = false
  let timer: ReturnType<typeof setTimeout>
  const end = (code?: number) => {
    if (over) return
    over = true
    clearTimeout(timer)
    socket.close()
    closed(code)
  }
  /** Asks the server for a sign of life where it has given none for a while. */
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      send({ type: 'ping' })
      timer = setTimeout(() => end(), patience)
    }, silence)
  }
  timer = setTimeout(() => end(), patience)
  socket.onopen = () => send({ type: 'connection_init', ...(payload && Object.keys(payload).length > 0 ? { payload } : {}) })
  socket.onerror = () => end()
  socket.onclose = (event) => end(event?.code)
  socket.onmessage = (event) => {
    if (over) return
    wait()
    alive()
    const { type, id = '', payload } = JSON.parse(String(event.data)) as Message
    if (type === 'connection_ack') {
      subscriptions.forEach(({ query, variables }, index) => send({ type: 'subscribe', id: String(index), payload: { query, variables } }))
      opened()
    } else if (type === 'ping') send({ type: 'pong' })
    else if (type === 'next') subscriptions[Number(id)]?.next(payload?.data)
    else if ((type === 'error' || type === 'complete') && running.has(id)) {
      const one = subscriptions[Number(id)]
      if (type === 'complete' || !one || !payload?.some(({ extensions }) => lasting.includes(extensions?.code ?? ''))) return end() // a subscription never ends by itself: begin anew
      running.delete(id)
      refused(one)
      if (running.size === 0) end(forbidden)
    }
  }
  return () => end()
}
