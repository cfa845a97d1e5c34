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

beforeEach(() => {
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
