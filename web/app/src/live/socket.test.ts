import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pause } from './live'
import { forbidden, open } from './socket'

class Wire {
  static last: Wire
  readonly OPEN = 1
  readyState = 1
  sent: unknown[] = []
  onopen?: () => void
  onclose?: () => void
  onmessage?: (event: { data: string }) => void
  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    Wire.last = this
  }
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {
    this.readyState = 3
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', Wire)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function begin() {
  const handlers = { opened: vi.fn(), alive: vi.fn(), refused: vi.fn(), closed: vi.fn() }
  const next = vi.fn()
  const one = { query: 'subscription { a }', variables: { after: ['96-1'] }, next }
  const other = { query: 'subscription { b }', next: vi.fn() }
  const close = open('ws://x/graphql', [one, other], handlers)
  return { ...handlers, next, one, other, close, wire: Wire.last }
}

test('it subscribes once it is let in, takes what comes, and answers pings', () => {
  const { wire, next, opened } = begin()
  expect(wire.protocol).toBe('graphql-transport-ws')
  wire.onopen?.()
  expect(wire.sent).toEqual([{ type: 'connection_init' }])
  wire.say({ type: 'connection_ack' })
  expect(opened).toHaveBeenCalledOnce()
  expect(wire.sent[1]).toEqual({ type: 'subscribe', id: '0', payload: { query: 'subscription { a }', variables: { after: ['96-1'] } } })
  wire.say({ type: 'next', id: '0', payload: { data: { a: 1 } } })
  expect(next).toHaveBeenCalledExactlyOnceWith({ a: 1 })
  wire.say({ type: 'ping' })
  expect(wire.sent[3]).toEqual({ type: 'pong' })
})

test('a line that is silent is asked, and given up where it stays so', () => {
  const { wire, closed } = begin()
  wire.onopen?.()
  wire.say({ type: 'connection_ack' })
  vi.advanceTimersByTime(20_000)
  expect(wire.sent.at(-1)).toEqual({ type: 'ping' })
  wire.say({ type: 'pong' })
  vi.advanceTimersByTime(25_000)
  expect(closed).not.toHaveBeenCalled()
  vi.advanceTimersByTime(10_000)
  expect(closed).toHaveBeenCalledOnce()
})

test('it is closed once, and says nothing afterwards', () => {
  const { wire, closed, next } = begin()
  wire.say({ type: 'error', id: '0', payload: [{ message: 'no' }] })
  wire.onclose?.()
  wire.say({ type: 'next', id: '0', payload: { data: {} } })
  expect(closed).toHaveBeenCalledOnce()
  expect(next).not.toHaveBeenCalled()
})

test('what is refused for good ends alone, and the connection with the last of them', () => {
  const { wire, one, other, next, refused, closed } = begin()
  wire.say({ type: 'connection_ack' })
  wire.say({ type: 'error', id: '1', payload: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] })
  wire.say({ type: 'complete', id: '1' })
  expect([refused.mock.lastCall, closed.mock.calls]).toEqual([[other], []])
  wire.say({ type: 'next', id: '0', payload: { data: { a: 1 } } })
  expect(next).toHaveBeenCalledOnce()
  wire.say({ type: 'error', id: '0', payload: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] })
  expect([refused.mock.lastCall, closed.mock.calls]).toEqual([[one], [[forbidden]]])
})

test('what fails otherwise ends the connection, to begin anew', () => {
  const { wire, refused, closed } = begin()
  wire.say({ type: 'connection_ack' })
  wire.say({ type: 'error', id: '1', payload: [{ message: 'no', extensions: { code: 'TIMEOUT' } }] })
  expect([refused.mock.calls, closed.mock.calls]).toEqual([[], [[undefined]]])
})

test('attempts come less and less often, at least every 13 seconds', () => {
  expect(pause(0, 0.5)).toBe(1000)
  expect(pause(3, 0.5)).toBe(8000)
  expect(pause(20, 1)).toBeLessThan(13_000)
  expect(pause(20, 0)).not.toBe(pause(20, 1))
})
