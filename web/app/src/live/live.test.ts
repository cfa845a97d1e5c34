import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { become } from '../access/session'
import { hushOthers, listen } from './live'

class Wire {
  static all: Wire[] = []
  readonly OPEN = 1
  readyState = 1
  sent: { type: string; payload?: unknown }[] = []
  onopen?: () => void
  onclose?: (event: { code: number }) => void
  onmessage?: (event: { data: string }) => void
  constructor() {
    Wire.all.push(this)
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as { type: string })
  }
  close() {
    this.readyState = 3
  }
}

/** The server lets the last connection in and ends its subscription at once. */
function refuse(code: string) {
  const wire = Wire.all.at(-1)
  const say = (message: object) => wire?.onmessage?.({ data: JSON.stringify(message) })
  wire?.onopen?.()
  say({ type: 'connection_ack' })
  say({ type: 'error', id: '0', payload: [{ message: 'no', extensions: { code } }] })
}

beforeEach(() => {
  Wire.all = []
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', Wire)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('it listens as who asks now, and no longer as who asked before', () => {
  listen([])
  listen([])
  expect(Wire.all.length).toBe(1)
  become({ token: 'one' })
  hushOthers()
  expect(Wire.all[0]?.readyState).toBe(3)
  vi.advanceTimersByTime(60_000)
  expect(Wire.all.length).toBe(1) // not before it is known who that is
  listen([])
  const [, second] = Wire.all
  second?.onopen?.()
  expect(second?.sent).toEqual([{ type: 'connection_init', payload: { Authorization: 'Bearer one' } }])

  become({ token: 'two' }) // renewed: the same caller
  hushOthers()
  listen([])
  expect([Wire.all.length, second?.readyState]).toEqual([2, 1])

  become({ token: null })
  second?.onclose?.({ code: 4401 }) // the token has run out before the page has been made anew
  vi.advanceTimersByTime(60_000)
  expect(Wire.all.length).toBe(2)
  listen([])
  Wire.all[2]?.onopen?.()
  expect(Wire.all[2]?.sent).toEqual([{ type: 'connection_init' }])
})

test('what fails right after it was let in is asked for less and less often', () => {
  become({ token: 'three' })
  listen([])
  const began = Date.now()
  const at: number[] = []
  for (let seen = 0; Date.now() - began < 60_000; vi.advanceTimersByTime(100)) {
    if (Wire.all.length === seen) continue
    seen = Wire.all.length
    at.push((Date.now() - began) / 1000)
    refuse('INTERNAL')
  }
  expect(at.length).toBeLessThan(11) // 1, 2, 4, 8, 10, 10 … seconds between them, give or take a quarter; each second it would be sixty
  expect(at.length).toBeGreaterThan(5)
  // One that has stood for a while begins anew with a short pause.
  const tried = Wire.all.length
  while (Wire.all.length === tried) vi.advanceTimersByTime(100)
  const last = Wire.all.at(-1)
  last?.onopen?.()
  last?.onmessage?.({ data: '{"type":"connection_ack"}' })
  vi.advanceTimersByTime(11_000)
  const before = Wire.all.length
  last?.onclose?.({ code: 1006 })
  vi.advanceTimersByTime(1300)
  expect(Wire.all.length).toBe(before + 1)
})

test.each(['UNAUTHENTICATED', 'FORBIDDEN'])('what is refused with %s is not asked for again until another token is there', (code) => {
  become({ token: null })
  listen([])
  refuse(code)
  vi.advanceTimersByTime(3600_000)
  listen([])
  dispatchEvent(new Event('online'))
  expect(Wire.all.length).toBe(1)
  become({ token: 'four' })
  listen([])
  expect(Wire.all.length).toBe(2)
  refuse(code)
  become({ token: 'five' }) // the same person's, renewed
  listen([])
  expect(Wire.all.length).toBe(3)
})

test('a token that the server does not take is not sent again', () => {
  become({ token: null })
  become({ token: 'six' })
  listen([])
  Wire.all[0]?.onopen?.()
  Wire.all[0]?.onclose?.({ code: 4403 })
  vi.advanceTimersByTime(3600_000)
  expect(Wire.all.length).toBe(1)
  become({ token: 'seven' })
  listen([])
  expect(Wire.all.length).toBe(2)
})
