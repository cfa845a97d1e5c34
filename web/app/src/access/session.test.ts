import { User } from 'oidc-client-ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ask, authorization, begin, currentSession, sayPurpose, signOut } from './session'

const issuer = 'https://issuer.test'
const settings = { signIns: [{ issuer, clientId: 'dashboard', scopes: ['openid'] }] }
/** Our own server no longer takes the token, and the issuer is not there. */
const answers = vi.fn((input: RequestInfo | URL) => {
  const address = input instanceof Request ? input.url : String(input)
  if (address.startsWith(issuer)) return Promise.reject(new Error('not there'))
  return Promise.resolve(address === '/app.json' ? Response.json(settings) : new Response(null, { status: 401 }))
})

beforeEach(async () => {
  vi.stubGlobal('fetch', answers)
  const seconds = Math.floor(Date.now() / 1000)
  const profile = { sub: 'lan', iss: issuer, aud: 'dashboard', exp: seconds + 3600, iat: seconds }
  const user = new User({ access_token: 'token', refresh_token: 'again', token_type: 'Bearer', profile, expires_at: seconds + 3600 })
  sessionStorage.setItem('vunglom.signIn', JSON.stringify({ issuer, view: '' }))
  sessionStorage.setItem(`oidc.user:${issuer}:dashboard`, user.toStorageString())
  sessionStorage.setItem('oidc.left', '{}') // of a way to the issuer that nobody came back from
  await begin()
})
afterEach(() => vi.unstubAllGlobals())

test('a token that is no longer taken nor renewed is not kept', async () => {
  expect(currentSession().token).toBe('token')
  await ask('/graphql')
  expect([currentSession().token, currentSession().said, sessionStorage.length]).toEqual([null, 'expired', 0])
})

test('who signs out leaves nothing in the tab, even where the issuer is not there', async () => {
  expect(currentSession().token).toBe('token')
  await signOut()
  expect([currentSession().token, currentSession().said, sessionStorage.length]).toEqual([null, null, 0])
})

test('why persons are read is said with every question, outlives a reload, and goes with who said it', async () => {
  expect(authorization()).toEqual({ Authorization: 'Bearer token' })
  sayPurpose('rà soát hộ')
  const said = { Authorization: 'Bearer token', 'X-Purpose': encodeURIComponent('rà soát hộ') }
  expect(authorization()).toEqual(said)
  answers.mockClear()
  await begin()
  expect(authorization()).toEqual(said)
  await signOut()
  expect([authorization(), sessionStorage.length]).toEqual([{}, 0])
})
