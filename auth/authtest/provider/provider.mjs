// An OpenID provider on loopback, for tests: oidc-provider, certified by the OpenID Foundation, with people and systems of its
// own. Its first line of input is what it shall know, as JSON; further lines are orders, each answered by a line. It ends with
// its input.
//
//   accounts   by the name that one signs in with (any password does): the claims that tokens of the person carry
//   systems    by client id: {secret, claims, nameless}; tokens of a nameless one have no sub, as some gateways' have none
//   dashboard  the client id that people sign in with, and pages of any port of 127.0.0.1
//   port       0: any
import http from 'node:http'
import { createInterface } from 'node:readline'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import Provider from 'oidc-provider'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const say = (text) => process.stdout.write(text + '\n')
console.warn = console.info = () => {} // it warns of what only a real one needs

const known = { accounts: {}, systems: {}, ...JSON.parse((await lines.next()).value) }
const symmetric = randomBytes(32)

function newKey(alg) {
  const { privateKey } = alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg, kid: randomBytes(6).toString('hex') }
}

/** What tokens may be asked for (RFC 8707), and who they are then meant for. */
const resources = {
  'urn:vunglom': { audience: 'vunglom' },
  'urn:vunglom:es256': { audience: 'vunglom', jwt: { sign: { alg: 'ES256' } } },
  'urn:vunglom:hs256': { audience: 'vunglom', jwt: { sign: { alg: 'HS256', key: symmetric } } },
  'urn:other': { audience: 'other' },
}

let keys = [newKey('RS256'), newKey('ES256')]

function build(issuer) {
  const provider = new Provider(issuer, {
    jwks: { keys },
    cookies: { keys: ['test'] },
    clients: [
      { client_id: known.dashboard, application_type: 'native', token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['http://127.0.0.1/'], post_logout_redirect_uris: ['http://127.0.0.1/'] },
      ...Object.entries(known.systems).map(([id, { secret }]) => ({ client_id: id, client_secret: secret, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] })),
    ],
    pkce: { required: () => true },
    clientBasedCORS: () => true,
    scopes: ['openid', 'profile', 'offline_access'],
    claims: { profile: ['name'] },
    conformIdTokenClaims: false,
    issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_, id) => known.accounts[id] && { accountId: id, claims: async () => ({ sub: id, name: known.accounts[id].name ?? id }) },
    extraTokenClaims: (_, token) => (token.accountId ? known.accounts[token.accountId] : known.systems[token.clientId]?.claims),
    formats: {
      customizers: {
        jwt(_, token, parts) {
          if (known.systems[token.clientId]?.nameless) delete parts.payload.sub
        },
      },
    },
    features: {
      devInteractions: { enabled: true }, // pages that anybody can sign in on
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'urn:vunglom',
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => ({ scope: 'openid profile', accessTokenTTL: known.ttl ?? 300, accessTokenFormat: 'jwt', ...resources[resource] }),
      },
    },
  })
  // Pages of any port of 127.0.0.1 are gone back to from signing out too.
  provider.Client.prototype.postLogoutRedirectUriAllowed = provider.Client.prototype.redirectUriAllowed
  return provider.callback()
}

let answer
const server = http.createServer((request, response) => answer(request, response))
await new Promise((listening) => server.listen(known.port ?? 0, '127.0.0.1', listening))
const issuer = `http://127.0.0.1:${server.address().port}`
answer = build(issuer)
say(issuer)

const orders = {
  /** A new key signs; what the old one has signed still holds. */
  rotate() {
    keys = [newKey('RS256'), newKey('ES256'), ...keys]
    answer = build(issuer)
  },
  /** Only a new key is left. */
  withdraw() {
    keys = [newKey('RS256'), newKey('ES256')]
    answer = build(issuer)
  },
  /** Nobody answers … */
  async stop() {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  },
  /** … and somebody does again. */
  async start() {
    await new Promise((listening) => server.listen(new URL(issuer).port, '127.0.0.1', listening))
  },
}
for await (const line of lines) {
  await orders[line]()
  say('done')
}
process.exit(0)
