import { User } from 'oidc-client-ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Door } from './door'

const to = { issuer: 'https://issuer.test', clientId: 'dashboard', scopes: ['openid'] }
const name = `oidc.user:${to.issuer}:${to.clientId}`
const tell = { become: vi.fn(), ended: vi.fn() }
const ask = vi.fn<typeof fetch>(() => Promise.reject(new Error('not there')))
const now = Date.UTC(2026, 0, 1)

/** Keeps tokens as the library does: good for so many seconds. */
function keep(seconds: number | undefined) {
  const profile = { sub: 'lan', iss: to.issuer, aud: to.clientId, exp: now / 1000 + 60, iat: now / 1000 }
  const user = new User({ access_token: 'token', refresh_token: 'again', token_type: 'Bearer', profile, ...(seconds === undefined ? {} : { expires_at: now / 1000 + seconds }) })
  sessionStorage.setItem(name, user.toStorageString())
}

beforeEach(() => {
  vi.useFakeTimers({ now })
  vi.stubGlobal('fetch', ask)
  vi.clearAllMocks()
  sessionStorage.clear()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a door that is forgotten keeps nothing, and renews nothing later', async () => {
  keep(90)
  const door = new Door(to, tell)
  expect(await door.resume()).toBe(true)
  await door.forget()
  await vi.advanceTimersByTimeAsync(0) // what the storage itself has to tell
  expect([sessionStorage.length, vi.getTimerCount()]).toEqual([0, 0])
  keep(90)
  await vi.advanceTimersByTimeAsync(120_000)
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(1000)
  expect([ask.mock.calls.length, tell.ended.mock.calls.length]).toEqual([0, 0])
})

test('a token is renewed before its end, at its end nobody is signed in any more', async () => {
  keep(90)
  const door = new Door(to, tell)
  await door.resume()
  await vi.advanceTimersByTimeAsync(59_000)
  expect(ask).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(2000)
  expect(ask).toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(30_000)
  expect(tell.ended).toHaveBeenCalledExactlyOnceWith('expired')
  await door.forget()
})

test.each([undefined, 30 * 24 * 3600])('a token whose end is not told, or far, is not renewed at once: %s', async (seconds) => {
  keep(seconds)
  const door = new Door(to, tell)
  expect(await door.resume()).toBe(true)
  const waits = vi.spyOn(globalThis, 'setTimeout')
  await vi.advanceTimersByTimeAsync(3600_000)
  expect(ask).not.toHaveBeenCalled()
  expect(waits).not.toHaveBeenCalled()
  await door.forget()
})
