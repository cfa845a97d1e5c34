// Subscriptions over one WebSocket, in the subprotocol graphql-transport-ws. Not server-sent events: over HTTP/1.1 a
// browser opens six connections to a host, for all tabs together, and each subscription would hold one of them.

export type Subscription = { query: string; variables?: Record<string, unknown>; next: (data: unknown) => void }
export type Handlers = { opened: () => void; alive: () => void; closed: (code?: number) => void }

/** Nothing was heard for so long, though the server was asked: the line is dead. */
const patience = 10_000
const silence = 20_000

/** Opens a connection with subscriptions, and a payload that says who asks; returns how to close it. It is closed for good once `closed` is called. */
export function open(url: string, subscriptions: Subscription[], { opened, alive, closed }: Handlers, payload?: Record<string, string>): () => void {
  const socket = new WebSocket(url, 'graphql-transport-ws')
  const send = (message: object) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
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
    const { type, id, payload } = JSON.parse(String(event.data)) as { type: string; id?: string; payload?: { data?: unknown } }
    if (type === 'connection_ack') {
      subscriptions.forEach(({ query, variables }, index) => send({ type: 'subscribe', id: String(index), payload: { query, variables } }))
      opened()
    } else if (type === 'ping') send({ type: 'pong' })
    else if (type === 'next') subscriptions[Number(id)]?.next(payload?.data)
    else if (type === 'error' || type === 'complete') end() // a subscription never ends by itself: begin anew
  }
  return () => end()
}
